// Pasting a block into the grid: shows what would change, does it when told to, and takes it back with one button.
"use strict";

self.deskPasting = (() => {
  const SHOWN = 10; // of what does not fit; the rest is counted
  const WIDEST = 30; // characters of what is quoted from the block

  // `tables` are those of deskPaste with the `cells` of each row; `put` writes {row, cell, text} into the page and saves it.
  function start({ form, panel, said, tables, put, faultOf, format, words }) {
    const { say } = deskFields;
    const element = (tag, properties = {}, ...children) => {
      const made = Object.assign(document.createElement(tag), properties);
      made.append(...children);
      return made;
    };
    const button = (text, press, style = "outline-primary") => {
      const made = element("button", { type: "button", className: `btn btn-sm btn-${style}`, textContent: text });
      made.addEventListener("click", press);
      return made;
    };
    const short = (text) => (text.length > WIDEST ? `${text.slice(0, WIDEST)}…` : text);
    const counted = (name, number) => say(number === 1 ? words[`${name}One`] : words[`${name}Many`], { number });
    let done = null; // the last paste: what was put where, and what stood there before
    let typedSince = false;

    form.addEventListener("input", () => (typedSince = true));
    form.addEventListener("paste", (event) => {
      const place = placeOf(event.target);
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!place || !/[\t\r\n]/.test(text.replace(/\r?\n$/, ""))) return; // one value is pasted into the field
      event.preventDefault();
      const block = deskPaste.read(text);
      if (block) preview(place, block);
      else show(place.cell, say(words.tooMuch, { most: deskPaste.LONGEST }));
    });

    function placeOf(cell) {
      for (const table of tables)
        for (const [row, { cells }] of table.rows.entries()) {
          const column = cells.indexOf(cell);
          if (column >= 0) return { table, row, column, cell };
        }
      return null;
    }

    function preview({ table, row, column, cell }, { rows, isCut }) {
      for (const one of table.rows) one.texts = one.cells.map((each) => each.value ?? each.textContent);
      const plan = deskPaste.plan(rows, table, { row, column }, (text, max) => faultOf(short(text), max));
      const outside = [
        plan.below ? counted("below", plan.below) : "",
        plan.beside ? counted("beside", plan.beside) : "",
        isCut ? say(words.cut, { most: deskPaste.MOST_ROWS }) : "",
      ];
      const text = [counted("changes", plan.changes.length), ...outside].filter(Boolean).join(" ");
      const wrong = plan.wrong.map((fault) => nameOf(fault, table));
      if (plan.changes.length) show(cell, text, wrong, [button(words.fill, () => fill(table, plan.changes, cell), "primary")], words.leave);
      else show(cell, text, wrong);
      point(plan.changes.map(({ row, column }) => table.rows[row].cells[column]));
    }

    // Shows which cells a block would change; where the bar with the buttons stays in view, the first of them comes there too.
    function point(cells) {
      for (const one of form.querySelectorAll(".is-to-change")) one.classList.remove("is-to-change");
      for (const one of cells) one.classList.add("is-to-change");
      if (getComputedStyle(panel.parentElement).position === "sticky") cells[0]?.scrollIntoView({ block: "nearest" });
    }

    function fill(table, changes, from) {
      done = changes.map(({ row, column, mark }) => {
        const cell = table.rows[row].cells[column];
        return { row: table.rows[row], cell, text: format(mark), before: cell.value };
      });
      put(done);
      typedSince = false;
      show(from, counted("filled", done.length), [], [button(words.undo, undo)]);
      from.focus();
    }

    function nameOf({ row, column, why, text, product, name, number }, table) {
      if (row === undefined)
        return say(words.wrongRow, { row: number, why: say(words[why], { code: short(text), product, name: short(name || "–") }) });
      const { code } = table.rows[row];
      if (column === undefined) return say(words.ofRow, { code, why: words[why] });
      return say(words.wrongCell, { code, criterion: table.columns[column].name, why });
    }

    function undo() {
      const standing = done.filter(({ cell, text }) => cell.value === text);
      const isAll = standing.length === done.length;
      const [{ cell: first }] = done;
      put(standing.map(({ row, cell, before }) => ({ row, cell, text: before })));
      done = null;
      show(first, isAll ? words.undone : words.undonePartly);
      first.focus();
    }

    // Says what there is to say, names what does not fit, and offers the buttons; the last one only closes.
    function show(cell, text, wrong = [], buttons = [], last = words.close) {
      point([]);
      const close = () => {
        point([]);
        panel.hidden = true;
        said.textContent = "";
        cell.focus();
      };
      const named = wrong.slice(0, SHOWN).map((each) => element("li", { textContent: each }));
      if (wrong.length > SHOWN) named.push(element("li", { textContent: say(words.andMore, { number: wrong.length - SHOWN }) }));
      const faults = element("div", { className: "paste-faults", tabIndex: 0, hidden: !wrong.length });
      faults.append(element("p", { textContent: counted("wrong", wrong.length) }), element("ul", {}, ...named));
      faults.setAttribute("role", "region");
      faults.setAttribute("aria-label", words.leftOut);
      const all = element("div", { className: "paste-buttons" }, ...buttons, button(last, close));
      for (const each of all.children) each.setAttribute("aria-describedby", said.id);
      said.textContent = text;
      panel.replaceChildren(faults, all);
      panel.hidden = false;
      all.firstChild.focus();
    }

    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      panel.querySelector(".paste-buttons").lastChild.click();
    });

    // Takes the last paste back if nothing was typed since; whether it did.
    return { undoLast: () => Boolean(done?.length && !typedSince && (undo(), true)) };
  }

  return { start };
})();
