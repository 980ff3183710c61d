// What a sheet and the grid have in common while one types: faults, sums, the line that says what is saved, the list of keys.
"use strict";

self.deskFields = (() => {
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  // For fields with their highest mark in `data-max`. `step` is in hundredths; `decimal` and `words` are the page's language.
  function of({ step, decimal, words }) {
    const maxOf = (field) => Number(field.dataset.max);
    const valueOf = (field) => deskMarks.parse(field.value);
    const isRight = (field) => deskMarks.fits(valueOf(field), maxOf(field), step);
    // Whether the mark in a field needs a note, in a contest that asks for one within so many percent of the scale's ends.
    const isAtEdge = (field, percent) =>
      percent !== undefined && valueOf(field) !== null && isRight(field) && deskMarks.atEdge(valueOf(field), maxOf(field), Number(percent));
    const format = (mark) => deskMarks.format(mark, decimal);

    // What is wrong with a text as a mark; nothing if it can stand.
    function faultOf(text, max) {
      const mark = deskMarks.parse(text);
      if (Number.isNaN(mark)) return say(words[deskMarks.whyNone(text)], { typed: text.trim() });
      if (mark > max) return say(words.tooHigh, { mark: format(mark), max: format(max) });
      return deskMarks.fits(mark, max, step) ? "" : say(words.offStep, { step: format(step) });
    }

    function sum(fields) {
      const given = fields.filter((field) => isRight(field) && valueOf(field) !== null).map(valueOf);
      return given.length ? format(given.reduce((total, mark) => total + mark, 0)) : "–";
    }

    return {
      maxOf,
      valueOf,
      isRight,
      isAtEdge,
      format,
      faultOf,
      faultIn: (field) => faultOf(field.value, maxOf(field)),
      sum,
      missing: (fields) => fields.filter((field) => valueOf(field) === null || !isRight(field)).length,
      missingText: (number) => (number ? say(number === 1 ? words.missingOne : words.missingMany, { number }) : words.complete),
    };
  }

  // Longer text as app/domain/vietnamese.py stores it: without what cannot be seen, one space between words.
  const UNSEEN = /[\p{Cf}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]|(?!\s)\p{Cc}/gu;
  const LINE_END = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
  function stored(text) {
    const lines = text.split(LINE_END).map((line) => line.replace(UNSEEN, "").normalize("NFC").replace(/\s+/g, " ").trim());
    return lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+|\n+$/g, "");
  }

  // Runs what moves the page once no button is held down: what moves between press and release is not clicked.
  let afterClick = null;
  addEventListener("mousedown", () => (afterClick = []), true);
  for (const end of ["mouseup", "dragend"])
    addEventListener(end, () => {
      const acts = afterClick ?? [];
      afterClick = null;
      setTimeout(() => acts.forEach((act) => act())); // the click comes first
    }, true);
  const whenReleased = (act) => (afterClick ? afterClick.push(act) : act());

  // Says beside a field what is wrong with it, in the server's line or in one that stands before `anchor`.
  function showFault(field, text, anchor) {
    let line = document.getElementById(`${field.id}-fault`) ?? document.getElementById(`${field.id}-error`);
    if (!line && !text) return;
    if (!line) {
      line = document.createElement("p");
      line.id = `${field.id}-fault`;
      line.className = "field-error";
      anchor.before(line);
      const described = field.getAttribute("aria-describedby");
      field.setAttribute("aria-describedby", [line.id, described].filter(Boolean).join(" "));
    }
    line.textContent = text;
    line.hidden = !text;
    field.classList.toggle("is-invalid", Boolean(text));
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  // Shows what `deskSaving` says; `linkFor` gives address and text of what can be done about a problem, or nothing, unless
  // the problem has them.
  function stateLine(line, linkFor) {
    return (kind, text, problem) => {
      line.className = `save-state save-${kind}`;
      const [href, title] = problem?.link || (problem && linkFor(problem)) || [];
      const shown = `${text} ${href}`;
      if (line.dataset.shown === shown) return; // it is announced once
      line.dataset.shown = shown;
      const link = Object.assign(document.createElement("a"), { href: href ?? "", textContent: title ?? "" });
      line.replaceChildren(text, ...(href ? [" ", link] : []));
    };
  }

  const signInLink = (words) => [`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, words.signIn];

  // The texts of the states, as `deskSaving` fills them in.
  const states = (words) => ({
    ...words,
    moment: words.moment || null,
    saved: (moment) => say(words.saved, { moment }),
    // The server answers in whole sentences.
    unsaved: (why, number) =>
      say(why.endsWith(".") ? words.refused : number === 1 ? words.unsavedOne : words.unsavedMany, { why, number }),
  });

  // Gives the buttons for the list of keys their work, and what shows it.
  function keyList() {
    const show = () => document.getElementById("keys").showModal();
    for (const opener of document.querySelectorAll("[data-opens-keys]")) {
      opener.hidden = false;
      opener.addEventListener("click", show);
    }
    return show;
  }

  const isText = (target) => Boolean(target.closest("input, textarea, select, [contenteditable]"));

  return { say, of, stored, whenReleased, showFault, stateLine, signInLink, states, keyList, isText };
})();
