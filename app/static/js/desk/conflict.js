// The screen for two versions of one sheet: nothing is overwritten until the judge has chosen.
"use strict";

self.deskConflict = (() => {
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const said = (text) => text?.trim() || "–";

  // Marks are the same when they are as many points, however they are written.
  function same(name, one, other) {
    return name.startsWith("mark_") ? deskMarks.parse(one) === deskMarks.parse(other ?? "") : one.trim() === (other ?? "").trim();
  }

  function panel(form, title, text) {
    document.getElementById("two-versions")?.remove();
    const heading = element("h3", { textContent: title, tabIndex: -1 });
    const made = element("section", { id: "two-versions", className: "alert alert-danger" }, heading, element("p", { textContent: text }));
    made.setAttribute("aria-label", title);
    form.prepend(made);
    heading.focus();
    return made;
  }

  function choice(name, legend, mine, saved, words) {
    const option = (value, text) => {
      const radio = element("input", { type: "radio", name: `choice-${name}`, value, required: true, className: "form-check-input" });
      return element("label", { className: "version-choice" }, radio, ` ${text}`);
    };
    return element("fieldset", {}, element("legend", { textContent: legend }),
      option("mine", words.mine.replace("{value}", said(mine))), option("saved", words.elsewhere.replace("{value}", said(saved))));
  }

  function show({ form, typed, saved, resolve, nameOf, words, say, fill }) {
    const differing = Object.keys(typed).filter((name) => form.elements[name] && !same(name, typed[name], saved[name]));
    const others = [...form.elements].filter((field) => field.name in saved || /^(mark_|note_|remark)/.test(field.name))
      .filter((field) => !(field.name in typed) && !same(field.name, field.value, saved[field.name]));
    const changed = others.map((field) => say(words.alsoChanged, { name: nameOf(field), old: said(field.value), new: said(saved[field.name]) }));
    fill(Object.fromEntries(others.map((field) => [field.name, saved[field.name] ?? ""])));
    if (!differing.length && !changed.length) {
      resolve({});
      return;
    }
    const made = panel(form, words.conflictTitle, words.conflictText);
    const choices = differing.map((name) => choice(name, nameOf(form.elements[name]), typed[name], saved[name], words));
    const done = element("button", { type: "button", className: "btn btn-primary", textContent: words.choose });
    const missing = element("p", { className: "field-error", hidden: true, textContent: words.chooseAll });
    missing.setAttribute("role", "alert");
    made.append(...changed.map((text) => element("p", { textContent: text })), ...choices, missing, done);
    done.addEventListener("click", () => {
      const picked = differing.map((name) => made.querySelector(`input[name="choice-${name}"]:checked`)?.value);
      missing.hidden = !picked.includes(undefined);
      if (!missing.hidden) {
        made.querySelector("fieldset:not(:has(:checked)) input").focus();
        return;
      }
      const mine = differing.filter((_name, index) => picked[index] === "mine");
      const theirs = differing.filter((_name, index) => picked[index] === "saved");
      fill({ ...Object.fromEntries(theirs.map((name) => [name, saved[name] ?? ""])), ...Object.fromEntries(mine.map((name) => [name, typed[name]])) });
      made.remove();
      resolve(Object.fromEntries(mine.map((name) => [name, typed[name]])));
      form.querySelector("input[data-max]").focus();
    });
  }

  function showRefused({ form, typed, error, forget, nameOf, words }) {
    const made = panel(form, words.refusedTitle, error || words.failed);
    const rows = Object.entries(typed).filter(([name]) => form.elements[name])
      .map(([name, text]) => element("div", { className: "fact" }, element("dt", { textContent: nameOf(form.elements[name]) }), element("dd", { textContent: said(text) })));
    const done = element("button", { type: "button", className: "btn btn-outline-primary", textContent: words.discard });
    done.addEventListener("click", async () => {
      await forget();
      location.reload();
    });
    made.append(element("dl", { className: "facts" }, ...rows), done);
  }

  return { show, showRefused };
})();
