// Saves a sheet by itself, and says what is saved: three states only, each announced.
"use strict";

self.deskSaving = (() => {
  const PAUSE = 600; // milliseconds after the last change
  const RETRY = [2, 4, 8, 15, 30]; // seconds

  // Starts saving for a sheet's form. `page` reads and writes the fields; `words` are the texts of the states.
  async function start({ sheet, owner, version, page, words }) {
    const record = { id: `${sheet}:${deskOutbox.newKey()}`, owner, sheet, version, sealed: null, open: {}, refused: null, at: Date.now() };
    let moment = words.moment;
    let timer;
    let tries = 0;
    let sending = null;
    let problem = null; // why the last save did not go through

    await hold(record.id);
    await takeOver();
    if (deskOutbox.waiting(record).length) flush();
    else show();

    async function hold(name) {
      if (!navigator.locks) return;
      await new Promise((held) => navigator.locks.request(name, () => (held(), new Promise(() => {}))));
    }

    // What this device knows better than the page: later saves, and what a closed page could not save.
    async function takeOver() {
      const saved = await deskStore.savedOf(sheet);
      if (saved?.owner === owner && saved.version > record.version) {
        page.fill(saved.fields);
        record.version = saved.version;
        moment = saved.moment ?? moment;
      } else await deskStore.keepSaved({ sheet, owner, version: record.version, fields: {}, moment });
      const pages = await deskOutbox.alive();
      const left = (await deskStore.recordsOf(owner)).filter((one) => one.sheet === sheet && !pages.has(one.id));
      for (const one of left.sort((a, b) => a.at - b.at)) {
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

    function change(name, text) {
      record.open[name] = text;
      record.at = Date.now();
      const kept = deskStore.keep(record);
      clearTimeout(timer);
      timer = setTimeout(flush, PAUSE);
      show();
      return kept;
    }

    // What is typed but cannot be a mark is not sent; the field says so.
    function unchange(name) {
      delete record.open[name];
      return keep().then(show);
    }

    const keep = () => (deskOutbox.waiting(record).length ? deskStore.keep(record) : deskStore.drop(record.id));

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
        const answer = await deskOutbox.send(record, keepalive);
        if (answer.status !== 200) {
          refuse(answer);
          return false;
        }
        moment = answer.saved_at ?? moment;
        page.saved(await deskOutbox.settle(record, answer));
        problem = null;
        tries = 0;
      }
      return true;
    }

    function refuse(answer) {
      const typed = { ...record.sealed?.changes, ...record.open };
      if (answer.status === 409 && answer.saved) {
        problem = { text: words.conflict, stops: true };
        page.showConflict(typed, answer.saved, (chosen) => resolve(answer, chosen));
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
        problem = { text: answer.error || words.failed, stops: true };
        page.showRefused(typed, answer.error, () => deskStore.drop(record.id));
      }
      if (problem && !problem.stops) later();
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(flush, 1000 * RETRY[Math.min(tries++, RETRY.length - 1)]);
      navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("desk-outbox")).catch(() => {});
    }

    async function resolve(answer, chosen) {
      Object.assign(record, { version: answer.version, sealed: null, open: chosen });
      problem = null;
      await deskStore.keepSaved({ sheet, owner, version: answer.version, fields: { ...answer.saved }, moment });
      await keep();
      await flush();
    }

    function show() {
      const waiting = deskOutbox.waiting(record).length;
      if (problem) page.state("unsaved", words.unsaved(problem.text, waiting), problem.signIn);
      else if (waiting || sending) page.state("saving", words.saving);
      else if (page.faults()) page.state("unsaved", words.unsaved(words.toCorrect, page.faults()));
      else page.state("saved", moment ? words.saved(moment) : words.nothing);
    }

    addEventListener("online", () => flush());
    addEventListener("pagehide", () => flush({ keepalive: true }));
    document.addEventListener("visibilitychange", () => flush({ keepalive: document.hidden }));

    return { change, unchange, flush };
  }

  return { start };
})();
