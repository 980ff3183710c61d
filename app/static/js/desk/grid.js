// All of a judge's sheets on one page: each saves itself, cells are reached by keys, blocks can be pasted.
// Without this file the form is sent by its buttons.
"use strict";

(async () => {
  const form = document.getElementById("grid");
  if (!form) return;
  const { owner, step, decimal, check } = form.dataset;
  const words = { ...document.getElementById("desk-words").dataset, ...document.getElementById("grid-words").dataset };
  const { say } = deskFields;
  const { valueOf, isRight, isAtEdge, faultIn, faultOf, sum, format, missing, missingText } = deskFields.of({ step: Number(step), decimal, words });
  const panels = document.getElementById("two-version-panels");
  const complete = document.getElementById("complete");

  const tables = [...form.querySelectorAll("table.grid")].map((table) => {
    const heads = table.dataset.columns.split(" ").map((id) => document.getElementById(id)); // not in this order in the table
    const columns = heads.map((head) => ({ code: head.dataset.line, name: head.firstElementChild.textContent, max: Number(head.dataset.max) }));
    return { columns, rows: [...table.tBodies[0].rows].map((row) => rowOf(row)) };
  });
  const rows = tables.flatMap((table) => table.rows);
  const open = rows.filter((row) => row.isOpen);
  const rowByCell = new Map(open.flatMap((row) => row.cells.map((cell) => [cell, row])));
  const marks = [...rowByCell.keys()];
  const { has, press, reach } = deskCells.of(tables.map((table) => table.rows.filter((row) => row.isOpen).map((row) => row.cells)), () => form.querySelector("[data-go=check]").focus());

  // One row of a table: what saving, pasting and the screen for two versions ask of a sheet.
  function rowOf(line) {
    const { sheet, code, product, version } = line.dataset;
    const isOpen = sheet !== undefined;
    const cells = isOpen ? [...line.querySelectorAll("input[data-max]")] : [...line.querySelectorAll("td")].slice(0, -2);
    const nameIn = (cell) => cell.name.slice(cell.name.indexOf("-") + 1);
    const noted = (line.dataset.noted ?? "").split(" ");
    const byName = new Map(isOpen ? cells.map((cell) => [nameIn(cell), cell]) : []);
    const early = new Set(); // typed before saving has begun
    const row = {
      sheet: Number(sheet), version: Number(version), code, product, isOpen, cells,
      fill(values) {
        for (const [name, text] of Object.entries(values))
          if (byName.has(name) && !early.has(name)) {
            byName.get(name).value = text;
            showFault(byName.get(name), "");
          }
        showRow();
      },
      values: () => Object.fromEntries([...byName].map(([name, cell]) => [name, cell.value])),
      nameOf(name) {
        const criterion = criterionOf(name.replace(/^(mark|note)_/, ""));
        if (name === "remark") return words.remark;
        return criterion && name.startsWith("note_") ? say(words.note, { criterion }) : criterion;
      },
      showFaults(faults) {
        for (const [name, text] of Object.entries(faults))
          if (byName.has(name)) showFault(byName.get(name), text);
          else showElsewhere(name, text);
      },
      // Where to correct what cannot stand: its cell, or the link to the sheet.
      faulty: () => cells.filter((cell) => !isRight(cell)).concat(row.saving.aside().map((name) => byName.get(name) ?? line.querySelector("a"))),
      showConflict: (typed, saved, resolve) => deskConflict.show({ page: row, typed, saved, resolve, words }),
      showRefused: (typed, error, forget) => deskConflict.showRefused({ page: row, typed, error, forget, words }),
      panel: {
        id: `two-versions-${sheet}`,
        place: panels,
        level: "h2",
        title: (text) => say(words.ofSheet, { code, product, text }),
        focus: false, // the judge may be typing in another row: the line of states leads here
        leave: () => reach(cells[0]),
      },
      // Takes what now stands in these cells: saves what can stand, says what cannot.
      changed(changed, { isDone = false } = {}) {
        const changes = {};
        for (const cell of changed) {
          const fault = faultIn(cell);
          if (!fault || isDone) showFault(cell, fault);
          if (fault) row.saving.setAside({ [nameIn(cell)]: cell.value });
          else changes[nameIn(cell)] = cell.value;
        }
        showRow();
        if (Object.keys(changes).length) row.saving.change(changes);
      },
      saving: {
        change: (changes) => Object.keys(changes).forEach((name) => early.add(name)),
        setAside: (texts) => Object.keys(texts).forEach((name) => early.add(name)),
        aside: () => [],
      },
      begin(saving) {
        row.saving = saving;
        const typed = [...early].map((name) => byName.get(name));
        early.clear();
        row.changed(typed);
        row.changed(cells.filter((cell) => !typed.includes(cell) && faultIn(cell)), { isDone: true }); // left by a closed page
      },
      isComplete: () => !missing(cells) && !cells.some(isUnexplained),
    };
    return row;

    function criterionOf(lineCode) {
      const table = tables.find((one) => one.rows.includes(row));
      return table.columns.find((column) => column.code === lineCode)?.name;
    }

    // Of a note or remark, which only the page of the sheet shows.
    function showElsewhere(name, text) {
      const id = `s${sheet}-${name}-fault`;
      document.getElementById(id)?.remove();
      const textContent = `${row.nameOf(name) ?? name}: ${text}`;
      line.querySelector("th").append(Object.assign(document.createElement("p"), { id, className: "field-error", textContent }));
    }

    // Notes are written on the page of the sheet; here it is only said that one is asked for.
    function isUnexplained(cell) {
      return isAtEdge(cell, form.dataset.edge) && !noted.includes(nameIn(cell).replace("mark_", ""));
    }

    function showRow() {
      line.querySelector("[data-total]").textContent = sum(cells);
      line.querySelector("[data-stand]").textContent = row.isComplete() || missing(cells) ? missingText(missing(cells)) : words.noteMissing;
      line.classList.toggle("is-complete", row.isComplete());
      showComplete();
    }
  }

  function showComplete() {
    complete.textContent = say(words.completeOf, { number: open.filter((row) => row.isComplete()).length, all: open.length });
  }

  const showFault = (cell, text) => deskFields.showFault(cell, text, cell);
  const firstGap = () => marks.find((cell) => valueOf(cell) === null) ?? marks[0];

  form.addEventListener("input", ({ target }) => rowByCell.get(target)?.changed([target]));
  form.addEventListener("change", ({ target }) => has(target) && deskFields.whenReleased(() => showFault(target, faultIn(target))));

  const pasting = deskPasting.start({
    form, tables, faultOf, format, words,
    panel: document.getElementById("paste"),
    said: document.getElementById("paste-said"),
    put(changes) {
      for (const { cell, text } of changes) cell.value = text;
      for (const row of new Set(changes.map((change) => change.row)))
        row.changed(changes.filter((change) => change.row === row).map(({ cell }) => cell), { isDone: true });
    },
  });

  // ---- keys
  const showKeys = deskFields.keyList();
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey) {
      if (key === "Enter") goToCheck();
      else if (key !== "z" || !pasting.undoLast()) return;
    } else if (key === "?" && (has(target) || !deskFields.isText(target))) showKeys();
    else if (has(target)) {
      if (event.shiftKey || !press(target, key)) return;
    } else {
      if (/^[0-9]$/.test(key) && !deskFields.isText(target)) reach(firstGap()); // it takes the digit
      return;
    }
    event.preventDefault();
  });

  showComplete();
  for (const one of document.querySelectorAll(".with-script")) one.hidden = false;

  // ---- saving
  let saves = null;
  deskOutbox.useToken(form.elements.csrf_token.value);
  try {
    saves = await deskSaving.start({
      owner: Number(owner),
      sheets: open.map((row) => ({ sheet: row.sheet, version: row.version, page: row })),
      words: deskFields.states(words),
      state: deskFields.stateLine(document.getElementById("save-state"), ({ signIn, stops, sheet }) =>
        signIn ? deskFields.signInLink(words) : stops && [`#two-versions-${sheet}`, words.look]),
    });
  } catch {
    return; // no storage on this device: the form and its buttons do as without scripts
  }
  form.classList.add("saves-itself");
  form.removeAttribute("data-keep");
  for (const row of open) row.begin(saves.of(row.sheet));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    goToCheck();
  });
  deskOutbox.flush(Number(owner)).catch(() => {}); // of sheets that are not on this page

  // What cannot stand is corrected first: it would be missing from what is checked.
  async function goToCheck() {
    if (!saves) {
      form.requestSubmit(form.querySelector("[data-go=check]"));
      return;
    }
    if (goesToFault()) return;
    if (await saves.flush()) location.assign(check);
    else goesToFault(); // the server may have refused something
  }

  function goesToFault() {
    const [first, ...others] = open.flatMap((row) => row.faulty());
    for (const cell of [first, ...others].filter(has)) if (faultIn(cell)) showFault(cell, faultIn(cell));
    if (has(first)) reach(first);
    else first?.focus();
    return Boolean(first);
  }
})();
