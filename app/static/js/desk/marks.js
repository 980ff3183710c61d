// Marks as text, as app/domain/marks.py reads and writes them: integers in hundredths of a point.
"use strict";

self.deskMarks = (() => {
  const MARK = /^([0-9]+)(?:[.,]([0-9]{1,2}))?$/;
  const LONGEST = 9;

  // Hundredths; null when nothing was typed; NaN when it is no mark.
  function parse(text) {
    const typed = text.trim();
    if (!typed) return null;
    const found = typed.length <= LONGEST && MARK.exec(typed);
    return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : NaN;
  }

  function format(hundredths, decimal) {
    const whole = Math.floor(hundredths / 100);
    const rest = String(hundredths % 100).padStart(2, "0").replace(/0+$/, "");
    return rest ? `${whole}${decimal}${rest}` : String(whole);
  }

  const fits = (mark, max, step) => mark === null || (mark >= 0 && mark <= max && mark % step === 0);

  // Marks to offer for one press: the maximum and tenths of it downwards, each on a step, best first.
  function quick(max, step) {
    const tenths = [10, 9, 8, 7, 6, 5].map((tenth) => Math.round((max * tenth) / 10 / step) * step);
    return [...new Set(tenths)].filter((mark) => mark > 0 && mark <= max);
  }

  // Whether a mark is so near an end of its scale that the contest asks why.
  const atEdge = (mark, max, percent) => Math.min(mark, max - mark) * 100 <= max * percent;

  return { atEdge, parse, format, fits, quick };
})();
