// What a block of cells from a spreadsheet would do to a table of marks. Reads and plans only; changes nothing.
"use strict";

self.deskPaste = (() => {
  const LONGEST = 1_000_000; // characters
  const MOST_ROWS = 1000;
  const MOST_COLUMNS = 100;
  const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^\t\n]*))(\t|\n|$)/y; // quoted if it holds line breaks, tabs or quotes

  // The texts of a block as spreadsheets copy it, row by row: at most so many, and whether there were more.
  // Gives null for what is too long.
  function read(text) {
    if (text.length > LONGEST) return null;
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const rows = [[]];
    CELL.lastIndex = 0;
    for (let end = "\t"; end; ) {
      const [, quoted, bare, sign] = CELL.exec(lines);
      if (rows.at(-1).length < MOST_COLUMNS) rows.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).trim());
      if (sign === "\n" && rows.length === MOST_ROWS) return { rows, isCut: true };
      if (sign === "\n") rows.push([]);
      end = sign;
    }
    return { rows, isCut: false };
  }

  const fold = (text) => text.normalize("NFC").toUpperCase().replace(/\s+/g, " ");

  const CODES_WITHIN = 4; // columns: before the codes there may be numbers of rows

  // The column that names products: some of it is codes of the table, none of it is a mark. -1 if there is none.
  function columnOfCodes(rows, byCode) {
    const isOfCodes = (texts) => texts.some((text) => byCode.has(fold(text))) && !texts.some((text) => Number.isFinite(deskMarks.parse(text)));
    return Array.from({ length: CODES_WITHIN }, (_none, at) => rows.map((row) => row[at]).filter(Boolean)).findIndex(isOfCodes);
  }

  // Names are compared as the import of files compares them: without what is put above, below or through a letter.
  const foldName = (text) => fold(text).normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "").replaceAll("Đ", "D");
  const isNameOf = (row, text) => foldName(row.product) === foldName(text);

  // Whether the second column holds names of products: some are ours, or none is a mark.
  // Taken for marks, they would move all that stands beside them by one criterion.
  function hasNames(rows, byCode) {
    const found = rows.map(([code, text]) => [byCode.get(fold(code)), text]).filter(([row, text]) => row && text);
    const isMark = ([, text]) => Number.isFinite(deskMarks.parse(text));
    const isOurs = ([row, text]) => isNameOf(row, text);
    return found.some((one) => isOurs(one) && !isMark(one)) || (found.length > 0 && found.every((one) => isOurs(one) || !isMark(one)));
  }

  // The first text of a column before the marks in which nothing is a mark: taken for one, it would move the others.
  function textBeside(rows, at) {
    const texts = rows.map((row) => row[at]).filter(Boolean);
    const isAlone = !rows.some((row) => row.slice(at + 1).some(Boolean));
    return isAlone || texts.some((text) => Number.isFinite(deskMarks.parse(text))) ? undefined : texts[0];
  }

  // What would change, from the cell at {row, column} to the right and below; rows with codes go where their codes are.
  // `table` is {columns: [{name, max}], rows: [{code, product, isOpen, texts}]}; `faultOf` says what is wrong with a text.
  // Gives `changes` [{row, column, mark}], what is `wrong` [{row, column, why, text, number}], and how much is outside.
  function plan(block, table, at, faultOf) {
    const byCode = new Map(table.rows.map((row, number) => [fold(row.code), { ...row, number }]));
    const codes = columnOfCodes(block, byCode);
    const isCoded = codes >= 0;
    const rows = block.map((texts) => texts.slice(Math.max(codes, 0)));
    const isNamed = isCoded && hasNames(rows, byCode);
    const besides = isCoded + isNamed;
    const made = { isCoded, changes: [], wrong: [], below: 0, beside: 0 };
    const seen = new Set();
    const text = textBeside(rows, besides);
    if (text) return { ...made, wrong: [{ why: "noMarks", text, number: 1 }] };

    rows.forEach((texts, index) => {
      const code = isCoded ? texts[0] : "";
      const marks = texts.slice(besides);
      if (!marks.some(Boolean)) return;
      const number = isCoded ? byCode.get(fold(code))?.number : at.row + index;
      const row = table.rows[number];
      if (!row && isCoded) made.wrong.push({ why: "unknownCode", text: code, number: index + 1 });
      else if (!row) made.below += 1;
      else if (seen.has(number)) made.wrong.push({ why: "twice", text: code, number: index + 1 });
      else if (isNamed && !isNameOf(row, texts[1])) made.wrong.push({ why: "otherName", text: code, product: row.product, name: texts[1], number: index + 1 });
      else marks.forEach((text, offset) => text && take(row, number, at.column + offset, text));
      seen.add(number);
    });
    return made;

    function take(row, number, column, text) {
      const { max } = table.columns[column] ?? {};
      const mark = deskMarks.parse(text);
      if (max === undefined) made.beside = Math.max(made.beside, column - table.columns.length + 1);
      else if (deskMarks.parse(row.texts[column]) === mark) return; // it stands there already
      else if (!row.isOpen) {
        if (made.wrong.at(-1)?.row !== number) made.wrong.push({ row: number, why: "isSubmitted" });
      } else if (faultOf(text, max)) made.wrong.push({ row: number, column, why: faultOf(text, max) });
      else made.changes.push({ row: number, column, mark });
    }
  }

  return { read, plan, LONGEST, MOST_ROWS };
})();
