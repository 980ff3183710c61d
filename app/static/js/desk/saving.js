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
      // What cannot stand: kept on the device as well, and sent no more until it is changed or the page is opened anew.
      const aside = { ...record, id: `${record.id}:aside`, open: {}, refused: { status: 422 } };
      let timer;
      let sending = null;
      let problem = null; // why the last save did not go through

      await Promise.all([hold(record.id), hold(aside.id)]);
      await takeOver();
      return {
        change,
        setAside,
        flush,
        aside: () => Object.keys(aside.open),
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
        const corrected = Object.keys(changes).filter((name) => name in aside.open);
        for (const name of corrected) delete aside.open[name];
        Object.assign(record.open, changes);
        record.at = Date.now();
        const stored = deskStore.keep(record);
        if (corrected.length) keepAside();
        clearTimeout(timer);
        timer = setTimeout(flush, PAUSE);
        show();
        return stored;
      }

      // What is typed but cannot stand is not sent; the field says so.
      function setAside(texts) {
        for (const name of Object.keys(texts)) delete record.open[name];
        Object.assign(aside.open, texts);
        show();
        return Promise.all([keepAside(), keep()]);
      }

      function keep() {
        return deskOutbox.waiting(record).length ? deskStore.keep(record) : deskStore.drop(record.id);
      }

      function keepAside() {
        Object.assign(aside, { version: record.version, at: Date.now() });
        return Object.keys(aside.open).length ? deskStore.keep(aside) : deskStore.drop(aside.id);
      }

      function typed() {
        return { ...record.sealed?.changes, ...record.open, ...aside.open };
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
          if (answer.status === 200) {
            moment = answer.saved_at ?? moment;
            if (Object.keys(aside.open).length) delete answer.now; // what is to be corrected has to be compared first
            const isOvertaken = deskOutbox.isOvertaken(record, answer);
            await deskOutbox.settle(record, answer);
            if (isOvertaken) page.fill(asSaved(answer.now.saved));
            if (Object.keys(aside.open).length) await keepAside(); // over the new version
          } else if (isAboutFields(answer)) await leaveOut(answer.fields);
          else {
            refuse(answer);
            return false;
          }
          problem = null;
        }
        return !Object.keys(aside.open).length;
      }

      // What stands on the sheet, in every field but those changed a moment ago.
      function asSaved(saved) {
        const names = Object.keys(page.values()).filter((name) => !(name in record.open));
        return Object.fromEntries(names.map((name) => [name, saved[name] ?? ""]));
      }

      function isAboutFields({ status, fields = {} }) {
        return status === 422 && Object.keys(record.sealed.changes).some((name) => name in fields);
      }

      // Sets aside what the server refused of a save, unless something else was typed there since; the rest is sent again.
      function leaveOut(faults) {
        const { changes } = record.sealed;
        const isNew = (name) => name in record.open || name in aside.open;
        const refused = Object.keys(changes).filter((name) => name in faults && !isNew(name));
        const others = Object.entries(changes).filter(([name]) => !(name in faults));
        record.sealed = null;
        record.open = { ...Object.fromEntries(others), ...record.open };
        page.showFaults(Object.fromEntries(refused.map((name) => [name, faults[name]])));
        return setAside(Object.fromEntries(refused.map((name) => [name, changes[name]])));
      }

      function refuse(answer) {
        if (answer.status === 409 && answer.saved) {
          problem = { text: words.conflict, stops: true, sheet };
          page.showConflict(typed(), answer.saved, (given) => resolve(answer, given));
        } else if (answer.status === 401 && answer.isOther) problem = { text: words.otherPerson, link: ["/account/", words.seeWho] };
        else if (answer.status === 401) problem = { text: words.signedOut, signIn: true };
        else if (answer.status === 0) problem = { text: words.offline };
        else if (answer.status >= 500) problem = { text: words.failed };
        else {
          const said = Object.values(answer.fields ?? {})[0] || answer.error || words.failed;
          const text = answer.status === 404 ? words.notYours : said; // the judge stands aside, or it was taken back
          problem = { text, stops: true, sheet };
          page.showRefused(typed(), text, forget);
        }
      }

      // `given` names what was typed here and gives way to what is saved; what was typed meanwhile stays.
      async function resolve(answer, given) {
        const left = Object.entries(typed()).filter(([name]) => !given.includes(name));
        Object.assign(record, { version: answer.version, sealed: null, open: Object.fromEntries(left) });
        aside.open = {};
        problem = null;
        await deskStore.keepSaved({ sheet, owner, version: answer.version, fields: { ...answer.saved }, moment });
        await keep();
        await keepAside();
        await flush();
      }

      function forget() {
        aside.open = {};
        return Promise.all([record, aside].map(({ id }) => deskStore.drop(id)));
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
      return all.every((desk) => !desk.waiting() && !desk.problem() && !desk.aside().length);
    }

    function show() {
      const all = [...desks.values()];
      const number = (count) => all.reduce((sum, desk) => sum + count(desk), 0);
      const waiting = number((desk) => desk.waiting());
      const faults = number((desk) => desk.aside().length);
      const problems = all.map((desk) => desk.problem()).filter(Boolean);
      const problem = problems.find((one) => one.stops) ?? problems[0];
      if (problem) state("unsaved", words.unsaved(problem.text, waiting + faults), problem);
      else if (waiting || all.some((desk) => desk.isSending())) state("saving", words.saving);
      else if (faults) state("unsaved", words.unsaved(words.toCorrect, faults));
      else state("saved", moment ? words.saved(moment) : words.nothing);
    }

    addEventListener("online", () => flush());
    addEventListener("beforeunload", (event) => {
      const isTyped = [...desks.values()].some((desk) => desk.aside().length);
      if (isTyped && !self.isSigningOut) event.preventDefault(); // asks, as keep.js does
    });
    addEventListener("pagehide", () => flush({ keepalive: true }));
    document.addEventListener("visibilitychange", () => flush({ keepalive: document.hidden }));

    return { of: (sheet) => desks.get(sheet), flush };
  }

  return { start };
})();
