// A judge's sheet: totals while one types, steppers, keys. Without this file the form is sent by its buttons.
"use strict";

(async () => {
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const { sheet, owner, version, step, decimal, next, check } = form.dataset;
  const words = document.getElementById("desk-words").dataset;
  const marks = [...form.querySelectorAll("input[data-max]")];
  const fields = [...form.querySelectorAll("input[data-max], textarea")];
  const stateLine = document.getElementById("save-state");
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const nameOf = (field) => document.querySelector(`label[for="${field.id}"]`).textContent.trim();
  const valueOf = (field) => deskMarks.parse(field.value);
  const isRight = (field) => deskMarks.fits(valueOf(field), Number(field.dataset.max), Number(step));

  const page = {
    fill(values) {
      for (const [name, text] of Object.entries(values))
        if (form.elements[name] && !typedEarly.has(name)) form.elements[name].value = text;
      showAll();
    },
    faults: () => marks.filter((field) => !isRight(field)).length,
    saved() {},
    state(kind, text, signIn) {
      stateLine.className = `save-state save-${kind}`;
      const link = document.createElement("a");
      link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = words.signIn;
      if (stateLine.dataset.text !== text) stateLine.replaceChildren(text, ...(signIn ? [" ", link] : []));
      stateLine.dataset.text = text;
    },
    showFaults(faults) {
      for (const [name, text] of Object.entries(faults)) if (form.elements[name]) showFault(form.elements[name], text);
    },
    showConflict: (typed, saved, resolve) => deskConflict.show({ form, typed, saved, resolve, nameOf, words, say, fill: page.fill }),
    showRefused: (typed, error, forget) => deskConflict.showRefused({ form, typed, error, forget, nameOf, words }),
  };

  // ---- what stands on the page while one types
  function showFault(field, text) {
    let line = document.getElementById(`${field.id}-fault`);
    if (!line) {
      line = document.createElement("p");
      line.id = `${field.id}-fault`;
      line.className = "field-error";
      field.closest(".criterion, .form-field").querySelector(".mark-line, textarea").before(line);
      const described = field.getAttribute("aria-describedby");
      field.setAttribute("aria-describedby", [line.id, described].filter(Boolean).join(" "));
    }
    line.textContent = text;
    line.hidden = !text;
    field.classList.toggle("is-invalid", Boolean(text));
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  function faultOf(field) {
    const mark = valueOf(field);
    const max = Number(field.dataset.max);
    if (Number.isNaN(mark)) return say(words.notANumber, { typed: field.value.trim() });
    if (mark > max) return say(words.tooHigh, { mark: deskMarks.format(mark, decimal), max: deskMarks.format(max, decimal) });
    return isRight(field) ? "" : say(words.offStep, { step: deskMarks.format(Number(step), decimal) });
  }

  function sum(inputs) {
    const given = inputs.filter((field) => isRight(field) && valueOf(field) !== null).map(valueOf);
    return given.length ? deskMarks.format(given.reduce((total, mark) => total + mark, 0), decimal) : "–";
  }

  function showAll() {
    for (const field of marks) {
      const mark = valueOf(field);
      document.getElementById(`${field.id}-read`).textContent = mark !== null && isRight(field) ? deskMarks.format(mark, decimal) : "–";
      for (const chip of field.closest(".criterion").querySelectorAll(".chip"))
        chip.setAttribute("aria-pressed", String(Number(chip.value) === mark));
    }
    for (const part of form.querySelectorAll("[data-part]"))
      part.querySelector("[data-subtotal]").textContent = sum([...part.querySelectorAll("input[data-max]")]);
    document.getElementById("total").textContent = sum(marks);
    const missing = marks.filter((field) => valueOf(field) === null || !isRight(field)).length;
    const left = document.getElementById("missing");
    left.textContent = missing ? say(missing === 1 ? words.missingOne : words.missingMany, { number: missing }) : words.complete;
    form.classList.toggle("is-complete", !missing);
  }

  // ---- saving: what is typed before it is ready waits for it
  const typedEarly = new Map();
  let saving = {
    change: (name, text) => typedEarly.set(name, text),
    unchange: (name) => typedEarly.delete(name),
    flush: () => Promise.resolve(false),
  };

  form.addEventListener("input", ({ target }) => {
    if (!fields.includes(target)) return;
    const fault = target.dataset.max ? faultOf(target) : "";
    if (!fault) showFault(target, "");
    showAll();
    if (fault) saving.unchange(target.name);
    else saving.change(target.name, target.value);
  });
  form.addEventListener("change", ({ target }) => {
    if (!target.dataset.max) return;
    showFault(target, faultOf(target));
    const note = noteToWrite(target);
    if (note) note.closest("details").open = true;
  });

  // ---- steppers and quick marks
  function put(field, mark) {
    field.value = deskMarks.format(Math.min(Math.max(mark, 0), Number(field.dataset.max)), decimal);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    showFault(field, "");
  }

  function stepBy(field, times) {
    const mark = valueOf(field);
    put(field, (Number.isFinite(mark) ? Math.round(mark / step) * step : 0) + times * step);
  }

  function button(text, label, className, press) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, className, tabIndex: -1 });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", press);
    return made;
  }

  for (const field of marks) {
    const name = nameOf(field);
    const max = Number(field.dataset.max);
    field.before(button("−", say(words.less, { name }), "step", () => stepBy(field, -1)));
    field.after(button("+", say(words.more, { name }), "step", () => stepBy(field, 1)));
    const chips = document.createElement("div");
    chips.className = "chips";
    chips.setAttribute("role", "group");
    chips.setAttribute("aria-label", say(words.quick, { name }));
    for (const mark of deskMarks.quick(max, Number(step))) {
      const text = deskMarks.format(mark, decimal);
      const chip = button(text, say(words.give, { mark: text, name }), "chip", () => put(field, mark));
      chip.value = mark;
      chips.append(chip);
    }
    field.closest(".mark-line").after(chips);
  }

  // ---- keys
  function reach(field) {
    for (let folded; (folded = field.closest("details:not([open])")); ) folded.open = true;
    field.focus();
    field.select?.();
  }

  function walk(field, by) {
    const target = marks[marks.indexOf(field) + by];
    if (target) reach(target);
    else if (by > 0) document.querySelector("[data-go=check]").focus();
  }

  // What is typed is on the device already: the next page sends what a slow connection has not taken by then.
  async function goOn() {
    await Promise.race([saving.flush({ keepalive: true }), new Promise((later) => setTimeout(later, 500))]);
    location.assign(next);
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (key !== "Enter") return;
      event.preventDefault();
      goOn();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (marks.includes(target)) {
      const act = { Enter: () => walk(target, 1), ArrowDown: () => walk(target, 1), ArrowUp: () => walk(target, -1), "+": () => stepBy(target, 1), "-": () => stepBy(target, -1), "?": showKeys }[key];
      if (!act) return;
      event.preventDefault();
      act();
    } else if (!target.closest("input, textarea, select, [contenteditable]")) {
      if (key === "?") showKeys();
      else if (/^[0-9]$/.test(key)) reach(firstGap()); // it takes the digit
    }
  });

  // Shows what a sheet lacks before it can be submitted, and goes there; false if nothing.
  function asks() {
    for (const field of marks) if (valueOf(field) === null) showFault(field, words.needed);
    const unexplained = marks.map(noteToWrite).filter(Boolean);
    for (const note of unexplained) showFault(note, words.explain);
    const first = marks.find((field) => valueOf(field) === null || !isRight(field)) ?? unexplained[0];
    if (first) reach(first);
    return Boolean(first);
  }

  // The note that the contest asks for beside a mark at the edge of its scale, while it is empty.
  function noteToWrite(field) {
    const note = form.elements[field.name.replace("mark_", "note_")];
    const asked = form.dataset.edge !== undefined && valueOf(field) !== null && isRight(field);
    return asked && deskMarks.atEdge(valueOf(field), Number(field.dataset.max), Number(form.dataset.edge)) && !note.value.trim() ? note : null;
  }

  function showKeys() {
    document.getElementById("keys").showModal();
  }

  for (const opener of document.querySelectorAll("[data-opens-keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", showKeys);
  }
  const firstGap = () => marks.find((field) => valueOf(field) === null) ?? marks[0];
  showAll();
  const besideDossier = matchMedia("(min-width: 992px)").matches; // on a phone the dossier is read first
  if (!location.hash && besideDossier) reach(firstGap());

  deskOutbox.useToken(form.elements.csrf_token.value);
  try {
    saving = await deskSaving.start({
      sheet: Number(sheet), owner: Number(owner), version: Number(version), page,
      words: {
        ...words,
        moment: words.moment || null,
        saved: (moment) => say(words.saved, { moment }),
        unsaved: (why, number) => say(number === 1 ? words.unsavedOne : words.unsavedMany, { why, number }),
      },
    });
  } catch {
    return; // no storage on this device: the form and its buttons do as without scripts
  }
  form.classList.add("saves-itself");
  form.removeAttribute("data-keep");
  for (const [name, text] of typedEarly) saving.change(name, text);
  if (marks.includes(document.activeElement) && !typedEarly.size) reach(firstGap()); // gaps may be others by now

  form.addEventListener("submit", async (event) => {
    const go = event.submitter?.dataset.go;
    event.preventDefault();
    if (go === "check" && asks()) return;
    if (go === "next") goOn();
    else if ((await saving.flush()) && go === "check") location.assign(check);
  });
  deskOutbox.flush(Number(owner)).catch(() => {}); // of sheets that were left before they were saved
})();
