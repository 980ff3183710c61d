// A judge's sheet: totals while one types, steppers, keys. Without this file the form is sent by its buttons.
"use strict";

(async () => {
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const { sheet, owner, version, step, decimal, next, check } = form.dataset;
  const words = document.getElementById("desk-words").dataset;
  const marks = [...form.querySelectorAll("input[data-max]")];
  const fields = [...form.querySelectorAll("input[data-max], textarea")];
  const { say } = deskFields;
  const { valueOf, isRight, isAtEdge, sum, format, missing, missingText, ...of } = deskFields.of({ step: Number(step), decimal, words });
  const nameOf = (field) => document.querySelector(`label[for="${field.id}"]`).textContent.trim();
  const firstGap = () => marks.find((field) => valueOf(field) === null) ?? marks[0];
  const faultIn = (field) => (field.dataset.max ? of.faultIn(field) : tooLong(field));

  function tooLong(field) {
    const { most } = field.dataset;
    const { length } = [...deskFields.stored(field.value)]; // letters, as the server counts them
    return length > Number(most) ? say(words.tooManyLetters, { most, length }) : "";
  }

  const page = {
    fill(values) {
      for (const [name, text] of Object.entries(values))
        if (form.elements[name] && !early.has(name)) {
          form.elements[name].value = text;
          showFault(form.elements[name], "");
        }
      showAll();
    },
    values: () => Object.fromEntries(fields.map((field) => [field.name, field.value])),
    nameOf: (name) => form.elements[name] && nameOf(form.elements[name]),
    panel: { id: "two-versions", place: form, level: "h3", title: (about) => about, focus: true, leave: () => marks[0].focus() },
    showFaults(faults) {
      for (const [name, text] of Object.entries(faults)) if (form.elements[name]) showFault(form.elements[name], text);
    },
    showConflict: (typed, saved, resolve) => deskConflict.show({ page, typed, saved, resolve, words }),
    showRefused: (typed, error, forget) => deskConflict.showRefused({ page, typed, error, forget, words }),
  };

  // ---- what stands on the page while one types
  function showFault(field, text) {
    if (text && !field.dataset.max) field.closest("details")?.setAttribute("open", "");
    deskFields.showFault(field, text, field.closest(".mark-line") ?? field);
  }

  function showAll() {
    for (const field of marks) {
      const mark = valueOf(field);
      document.getElementById(`${field.id}-read`).textContent = mark !== null && isRight(field) ? format(mark) : "–";
      for (const chip of field.closest(".criterion").querySelectorAll(".chip"))
        chip.setAttribute("aria-pressed", String(Number(chip.value) === mark));
    }
    for (const part of form.querySelectorAll("[data-part]"))
      part.querySelector("[data-subtotal]").textContent = sum([...part.querySelectorAll("input[data-max]")]);
    document.getElementById("total").textContent = sum(marks);
    document.getElementById("missing").textContent = missingText(missing(marks));
    form.classList.toggle("is-complete", !missing(marks));
  }

  // ---- saving: what is typed before it is ready waits for it, whether it can stand or not
  const early = new Set();
  let saving = {
    change: (changes) => Object.keys(changes).forEach((name) => early.add(name)),
    setAside: (texts) => Object.keys(texts).forEach((name) => early.add(name)),
    aside: () => [],
    flush: () => Promise.resolve(false),
  };

  function take(field) {
    const fault = faultIn(field);
    if (!fault) showFault(field, "");
    showAll();
    saving[fault ? "setAside" : "change"]({ [field.name]: field.value });
  }

  form.addEventListener("input", ({ target }) => fields.includes(target) && take(target));
  form.addEventListener("change", ({ target }) => {
    if (fields.includes(target)) deskFields.whenReleased(() => showLeft(target));
  });

  function showLeft(field) {
    if (faultIn(field)) showFault(field, faultIn(field));
    const note = marks.includes(field) && noteToWrite(field);
    if (note) note.closest("details").open = true;
  }

  // ---- steppers and quick marks
  function put(field, mark) {
    field.value = format(Math.min(Math.max(mark, 0), Number(field.dataset.max)));
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
      const text = format(mark);
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
    if (asks("next")) return;
    await Promise.race([saving.flush({ keepalive: true }), new Promise((later) => setTimeout(later, 500))]);
    if (!asks("next")) location.assign(next); // the server may have refused something
  }

  // Where no mark stands, + and − are characters: “-1” is refused, and not read as a step and a 1.
  // What a step made is chosen whole: a digit takes its place instead of making 361 of 36.
  function stepByKey(field, times) {
    if (!Number.isFinite(valueOf(field))) return false;
    stepBy(field, times);
    field.select();
    return true;
  }

  const showKeys = deskFields.keyList();
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
      const act = { Enter: () => walk(target, 1), ArrowDown: () => walk(target, 1), ArrowUp: () => walk(target, -1), "+": () => stepByKey(target, 1), "-": () => stepByKey(target, -1), "?": showKeys }[key];
      if (act && act() !== false) event.preventDefault();
    } else if (!deskFields.isText(target)) {
      if (key === "?") showKeys();
      else if (/^[0-9]$/.test(key)) reach(firstGap()); // it takes the digit
    }
  });

  // Shows what cannot stand, before the check also what the sheet lacks to be submitted, and goes there; false if nothing.
  function asks(go) {
    const faults = new Map(fields.map((field) => [field, faultIn(field)]).filter(([, text]) => text));
    for (const field of go === "check" ? marks : []) {
      if (valueOf(field) === null) faults.set(field, words.needed);
      if (noteToWrite(field)) faults.set(noteToWrite(field), words.explain);
    }
    for (const [field, text] of faults) showFault(field, text);
    const first = fields.find((field) => faults.has(field) || saving.aside().includes(field.name));
    if (first) reach(first);
    return Boolean(first);
  }

  // The note that the contest asks for beside a mark at the edge of its scale, while it is empty.
  function noteToWrite(field) {
    const note = form.elements[field.name.replace("mark_", "note_")];
    return isAtEdge(field, form.dataset.edge) && !deskFields.stored(note.value) ? note : null;
  }

  showAll();
  const besideDossier = matchMedia("(min-width: 992px)").matches; // on a phone the dossier is read first
  if (!location.hash && besideDossier) reach(firstGap());
  const atFirst = document.activeElement;

  deskOutbox.useToken(form.elements.csrf_token.value);
  try {
    const desk = await deskSaving.start({
      owner: Number(owner),
      sheets: [{ sheet: Number(sheet), version: Number(version), page }],
      words: deskFields.states(words),
      state: deskFields.stateLine(document.getElementById("save-state"), ({ signIn }) => signIn && deskFields.signInLink(words)),
    });
    saving = desk.of(Number(sheet));
  } catch {
    return; // no storage on this device: the form and its buttons do as without scripts
  }
  form.classList.add("saves-itself");
  form.removeAttribute("data-keep");
  const typed = [...early].map((name) => form.elements[name]);
  early.clear();
  typed.forEach(take);
  for (const field of fields.filter((one) => !typed.includes(one) && faultIn(one))) {
    showFault(field, faultIn(field)); // left behind by a closed page
    take(field);
  }
  // Gaps may be others by now; whoever types or has gone on already stays where they are.
  if (!typed.length && marks.includes(atFirst) && document.activeElement === atFirst) reach(firstGap());

  form.addEventListener("submit", async (event) => {
    const go = event.submitter?.dataset.go;
    event.preventDefault();
    if (go === "next") goOn();
    else if (!asks(go) && (await saving.flush()) && go === "check") location.assign(check);
    else asks(go);
  });
  deskOutbox.flush(Number(owner)).catch(() => {}); // of sheets that were left before they were saved
})();
