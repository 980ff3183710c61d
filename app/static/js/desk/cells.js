// Moving between the cells of a table of marks with the keys of a spreadsheet.
"use strict";

self.deskCells = (() => {
  // `tables` hold rows of cells, top to bottom; rows that take no marks are not among them. `leave` goes on after the last.
  function of(tables, leave) {
    const places = new Map();
    tables.forEach((rows, table) => rows.forEach((cells, row) => cells.forEach((cell, column) => places.set(cell, { table, row, column }))));
    const at = (table, row, column) => tables[table]?.[row]?.[column];

    function reach(cell) {
      cell.focus();
      cell.select();
    }

    // After the last product of a criterion the first one of the next, then the next table.
    function down(cell) {
      const { table, row, column } = places.get(cell);
      const target = at(table, row + 1, column) ?? at(table, 0, column + 1) ?? at(table + 1, 0, 0);
      if (target) reach(target);
      else leave();
    }

    function up(cell) {
      const { table, row, column } = places.get(cell);
      const target = at(table, row - 1, column);
      if (target) reach(target);
    }

    function along(cell, by) {
      const { table, row, column } = places.get(cell);
      const target = at(table, row, column + by);
      if (target) reach(target);
    }

    // The arrows sideways move the caret until it is at the edge of the text; a text that is chosen whole has no inside.
    function isAtEdge(cell, key) {
      const { selectionStart: start, selectionEnd: end, value } = cell;
      if (start === 0 && end === value.length) return true;
      return start === end && start === (key === "ArrowLeft" ? 0 : value.length);
    }

    // Whether the key moved to another cell.
    function press(cell, key) {
      if (key === "Enter" || key === "ArrowDown") down(cell);
      else if (key === "ArrowUp") up(cell);
      else if ((key === "ArrowLeft" || key === "ArrowRight") && isAtEdge(cell, key)) along(cell, key === "ArrowLeft" ? -1 : 1);
      else return false;
      return true;
    }

    return { reach, press, has: (cell) => places.has(cell) };
  }

  return { of };
})();
