// The screen for two versions of one sheet: nothing is overwritten until the judge has chosen.
// `page` is what the sheet is on: {values, nameOf, fill, panel: {id, place, level, title, focus, leave}}.
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

  function panel({ id, place, level, title, focus }, about, text) {
    document.getElementById(id)?.remove();
    const heading = element(level, { textContent: title(about), tabIndex: -1 });
    const made = element("section", { id, className: "alert alert-danger", tabIndex: -1 }, heading, element("p", { textContent: text }));
    made.setAttribute("aria-label", heading.textContent);
    place.prepend(made);
    if (focus) heading.focus();
    return made;
  }

  function choice(name, legend, mine, saved, words) {
    const option = (value, text) => {
      const radio = element("input", { type: "radio", name, value, required: true, className: "form-check-input" });
      return element("label", { className: "version-choice" }, radio, ` ${text}`);
    };
    return element("fieldset", {}, element("legend", { textContent: legend }),
      option("mine", words.mine.replace("{value}", said(mine))), option("saved", words.elsewhere.replace("{value}", said(saved))));
  }

  function show({ page, typed, saved, resolve, words }) {
    const now = page.values();
    const differing = Object.keys(typed).filter((name) => page.nameOf(name) && !same(name, typed[name], saved[name]));
    const others = Object.keys(now).filter((name) => !(name in typed) && !same(name, now[name], saved[name]));
    const changed = others.map((name) => deskFields.say(words.alsoChanged, { name: page.nameOf(name), old: said(now[name]), new: said(saved[name]) }));
    page.fill(Object.fromEntries(others.map((name) => [name, saved[name] ?? ""])));
    const giveWay = (mine) => resolve(Object.keys(typed).filter((name) => !mine.includes(name)));
    if (!differing.length && !changed.length) {
      giveWay([]);
      return;
    }
    const made = panel(page.panel, words.conflictTitle, words.conflictText);
    const radios = differing.map((name) => `choice-${page.panel.id}-${name}`);
    const choices = differing.map((name, index) => choice(radios[index], page.nameOf(name), typed[name], saved[name], words));
    const done = element("button", { type: "button", className: "btn btn-primary", textContent: words.choose });
    const missing = element("p", { className: "field-error", hidden: true, textContent: words.chooseAll });
    missing.setAttribute("role", "alert");
    made.append(...changed.map((text) => element("p", { textContent: text })), ...choices, missing, done);
    done.addEventListener("click", () => {
      const picked = choices.map((fieldset) => fieldset.querySelector(":checked")?.value);
      missing.hidden = !picked.includes(undefined);
      if (!missing.hidden) {
        made.querySelector("fieldset:not(:has(:checked)) input").focus();
        return;
      }
      const theirs = differing.filter((_name, index) => picked[index] === "saved");
      page.fill(Object.fromEntries(theirs.map((name) => [name, saved[name] ?? ""])));
      made.remove();
      giveWay(differing.filter((_name, index) => picked[index] === "mine"));
      page.panel.leave();
    });
  }

  function showRefused({ page, typed, error, forget, words }) {
    const made = panel(page.panel, words.refusedTitle, error || words.failed);
    const rows = Object.entries(typed).filter(([name]) => page.nameOf(name))
      .map(([name, text]) => element("div", { className: "fact" }, element("dt", { textContent: page.nameOf(name) }), element("dd", { textContent: said(text) })));
    const done = element("button", { type: "button", className: "btn btn-outline-primary", textContent: words.discard });
    done.addEventListener("click", async () => {
      await forget();
      location.reload();
    });
    made.append(element("dl", { className: "facts" }, ...rows), done);
  }

  return { show, showRefused };
})();
