// Marks as text, as app/domain/marks.py reads and writes them: integers in hundredths of a point.
"use strict";

self.deskMarks = (() => {
  const NUMBER = /^([0-9]+)(?:[.,]([0-9]+))?$/;
  const LONGEST = 9;

  // Hundredths; null when nothing was typed; NaN when it is no mark.
  function parse(text) {
    const typed = text.trim();
    if (!typed) return null;
    if (whyNone(typed)) return NaN;
    const [, whole, decimals = ""] = NUMBER.exec(typed);
    return Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  }

  // Why what was typed is no mark at all: the name of the words for it; nothing if it is one.
  function whyNone(text) {
    const typed = text.trim();
    const [found, whole = "", decimals = ""] = NUMBER.exec(typed) ?? [];
    if (found && whole.length <= LONGEST && decimals.length > 2) return "tooManyDecimals";
    if (typed.length > LONGEST) return "tooLong";
    if (found) return "";
    return /^[-−–]/.test(typed) && NUMBER.test(typed.slice(1).trim()) ? "negative" : "notANumber";
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

  return { atEdge, parse, whyNone, format, fits, quick };
})();
