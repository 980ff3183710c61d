// Saves the sheets of a page by themselves, and says what is saved: three states only, each announced, once for the page.
"use strict";

self.deskSaving = (() => {
  const PAUSE = 600; // milliseconds after the last change
  const RETRY = [2, 4, 8, 15, 30]; // seconds
  const AT_ONCE = 4; // requests: a paste changes many sheets, and a line may be thin

  const isDown = ({ status }) => status === 0 || status === 401 || status >= 500;

  // Starts saving for {sheet, version, page} each, where `page` reads and writes the fields of one sheet. `words` are the
  // texts of the states, `state` shows that of all sheets together. Gives the saving `of` one sheet, and `flush` for all.
  async function start({ owner, sheets, words, state }) {
    const desks = new Map();
    const queue = [];
    let free = AT_ONCE;
    let down = null; // the last answer, if nothing gets through
    let tries = 0;
    let retry;
    let moment = words.moment;

    const left = await leftBehind();
    const kept = new Map((await deskStore.allSaved()).map((saved) => [saved.sheet, saved]));
    await Promise.all(sheets.map(async (one) => desks.set(one.sheet, await open(one))));
    for (const desk of desks.values()) if (desk.waiting()) desk.flush();
    show();

    // What closed pages could not save.
    async function leftBehind() {
      const pages = await deskOutbox.alive();
      return (await deskStore.recordsOf(owner)).filter((one) => !pages.has(one.id)).sort((a, b) => a.at - b.at);
    }

    async function hold(name) {
      if (!navigator.locks) return;
      await new Promise((held) => navigator.locks.request(name, () => (held(), new Promise(() => {}))));
    }

    async function open({ sheet, version, page }) {
      const record = { id: `${sheet}:${deskOutbox.newKey()}`, owner, sheet, version, sealed: null, open: {}, refused: null, at: Date.now() };
      let timer;
      let sending = null;
      let problem = null; // why the last save did not go through

      await hold(record.id);
      await takeOver();
      return {
        change,
        unchange,
        flush,
        faults: page.faults,
        waiting: () => deskOutbox.waiting(record).length,
        isSending: () => Boolean(sending),
        problem: () => problem,
      };

      // What this device knows better than the page: later saves, and what a closed page could not save.
      async function takeOver() {
        const saved = kept.get(sheet);
        if (saved?.owner === owner && saved.version > record.version) {
          page.fill(saved.fields);
          record.version = saved.version;
          moment = saved.moment ?? moment;
        } else if (saved?.owner !== owner || saved.version !== record.version || Object.keys(saved.fields).length)
          await deskStore.keepSaved({ sheet, owner, version: record.version, fields: {}, moment });
        for (const one of left.filter((each) => each.sheet === sheet)) {
          if (!deskOutbox.waiting(record).length)
            Object.assign(record, { version: one.version, sealed: one.sealed, open: one.open, at: one.at });
          else {
            record.version = Math.min(record.version, one.version);
            Object.assign(record.open, one.sealed?.changes, one.open);
          }
          await deskStore.keep(record);
          await deskStore.drop(one.id);
        }
        page.fill({ ...record.sealed?.changes, ...record.open });
      }

      function change(changes) {
        Object.assign(record.open, changes);
        record.at = Date.now();
        const stored = deskStore.keep(record);
        clearTimeout(timer);
        timer = setTimeout(flush, PAUSE);
        show();
        return stored;
      }

      // What is typed but cannot be a mark is not sent; the field says so.
      function unchange(name) {
        delete record.open[name];
        return keep().then(show);
      }

      function keep() {
        return deskOutbox.waiting(record).length ? deskStore.keep(record) : deskStore.drop(record.id);
      }

      function flush({ keepalive = false } = {}) {
        clearTimeout(timer);
        if (problem?.stops) return Promise.resolve(false);
        sending ??= sendAll(keepalive).finally(() => {
          sending = null;
          show();
        });
        return sending;
      }

      async function sendAll(keepalive) {
        while (deskOutbox.waiting(record).length) {
          await deskOutbox.seal(record);
          show();
          const answer = await inTurn(record, keepalive);
          if (answer.status !== 200) {
            refuse(answer);
            return false;
          }
          moment = answer.saved_at ?? moment;
          await deskOutbox.settle(record, answer);
          problem = null;
        }
        return true;
      }

      function refuse(answer) {
        const typed = { ...record.sealed?.changes, ...record.open };
        if (answer.status === 409 && answer.saved) {
          problem = { text: words.conflict, stops: true, sheet };
          page.showConflict(typed, answer.saved, (given) => resolve(answer, given));
        } else if (answer.status === 422 && Object.keys(answer.fields ?? {}).length) {
          problem = null;
          page.showFaults(answer.fields);
          const others = Object.entries(record.sealed.changes).filter(([name]) => !(name in answer.fields));
          record.sealed = null;
          record.open = { ...Object.fromEntries(others), ...record.open };
          keep().then(() => others.length && flush());
        } else if (answer.status === 401) problem = { text: words.signedOut, signIn: true };
        else if (answer.status === 0) problem = { text: words.offline };
        else if (answer.status >= 500) problem = { text: words.failed };
        else {
          problem = { text: answer.error || words.failed, stops: true, sheet };
          page.showRefused(typed, answer.error, () => deskStore.drop(record.id));
        }
      }

      // `given` names what was typed here and gives way to what is saved; what was typed meanwhile stays.
      async function resolve(answer, given) {
        const typed = Object.entries({ ...record.sealed?.changes, ...record.open }).filter(([name]) => !given.includes(name));
        Object.assign(record, { version: answer.version, sealed: null, open: Object.fromEntries(typed) });
        problem = null;
        await deskStore.keepSaved({ sheet, owner, version: answer.version, fields: { ...answer.saved }, moment });
        await keep();
        await flush();
      }
    }

    // Sends a record's save when there is room. What had to wait does not try a line that went down meanwhile.
    async function inTurn(record, keepalive) {
      const waits = free < 1 && !keepalive;
      if (waits) await new Promise((turn) => queue.push(turn));
      else free -= 1;
      const answer = waits && down ? down : await deskOutbox.send(record, keepalive);
      down = isDown(answer) ? answer : null;
      if (down) later();
      else tries = 0;
      if (queue.length) queue.shift()();
      else free += 1;
      return answer;
    }

    function later() {
      clearTimeout(retry);
      retry = setTimeout(flush, 1000 * RETRY[Math.min(tries++, RETRY.length - 1)]);
      navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("desk-outbox")).catch(() => {});
    }

    // Sends all that waits: one sheet first, the others once it got through. Whether everything is saved.
    async function flush({ keepalive = false } = {}) {
      clearTimeout(retry);
      const all = [...desks.values()];
      const [first, ...others] = all.filter((desk) => desk.waiting());
      if (keepalive) await Promise.all([first, ...others].map((desk) => desk?.flush({ keepalive })));
      else if (first && ((await first.flush()) || !down)) await Promise.all(others.map((desk) => desk.flush()));
      return all.every((desk) => !desk.waiting() && !desk.problem());
    }

    function show() {
      const all = [...desks.values()];
      const number = (count) => all.reduce((sum, desk) => sum + count(desk), 0);
      const waiting = number((desk) => desk.waiting());
      const faults = number((desk) => desk.faults());
      const problems = all.map((desk) => desk.problem()).filter(Boolean);
      const problem = problems.find((one) => one.stops) ?? problems[0];
      if (problem) state("unsaved", words.unsaved(problem.text, waiting), problem);
      else if (waiting || all.some((desk) => desk.isSending())) state("saving", words.saving);
      else if (faults) state("unsaved", words.unsaved(words.toCorrect, faults));
      else state("saved", moment ? words.saved(moment) : words.nothing);
    }

    addEventListener("online", () => flush());
    addEventListener("pagehide", () => flush({ keepalive: true }));
    document.addEventListener("visibilitychange", () => flush({ keepalive: document.hidden }));

    return { of: (sheet) => desks.get(sheet), flush };
  }

  return { start };
})();
