// Sends what was typed. A save keeps its key until it is answered, so that it can be sent again without harm.
"use strict";

self.deskOutbox = (() => {
  const WAIT = 20_000; // longer than a bad connection takes, shorter than a judge's patience
  let token;

  function newKey() {
    const octets = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs HTTPS
    return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  }

  async function ask(url, options = {}) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), WAIT);
    try {
      return await fetch(url, { ...options, signal: cut.signal, credentials: "same-origin", redirect: "manual" });
    } finally {
      clearTimeout(timer);
    }
  }

  // Gets the token of the session of whoever is signed in now. Gives why a save cannot go out: they are not who typed it.
  async function renewToken(owner) {
    const response = await ask("/judging/session", { headers: { "Content-Type": "application/json" } });
    const { user, csrf_token } = response.ok ? await response.json() : {};
    token = user === owner ? csrf_token : undefined;
    return token === undefined ? { status: 401, isOther: user !== undefined } : null;
  }

  async function post(record, keepalive) {
    return ask(`/judging/sheets/${record.sheet}/autosave`, {
      method: "POST",
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token ?? "" },
      body: JSON.stringify({ key: record.sealed.key, version: record.version, changes: record.sealed.changes }),
    });
  }

  // Sends a record's sealed save. Gives {status, …answer}; status 0 if nobody answered.
  async function send(record, keepalive = false) {
    try {
      const refusal = token === undefined && (await renewToken(record.owner));
      if (refusal) return refusal;
      let response = await post(record, keepalive);
      if (response.status === 400) {
        const isNotTheirs = await renewToken(record.owner);
        if (isNotTheirs) return isNotTheirs;
        response = await post(record, keepalive);
      }
      const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      return { ...answer, status: response.status };
    } catch {
      return { status: 0 };
    }
  }

  // Takes what was typed since into the save that goes out next; kept on disk before it is sent.
  async function seal(record) {
    if (!record.sealed && Object.keys(record.open).length) {
      record.sealed = { key: newKey(), changes: record.open };
      record.open = {};
    }
    await deskStore.keep(record).catch(() => {}); // a device that keeps nothing can still send
  }

  // Notes the answer to a sealed save: what stands on the sheet now, and what is still to be sent.
  async function settle(record, answer) {
    const { changes } = record.sealed;
    // Answered before and lost, and changed elsewhere since: the sheet stands as the server says, unless more was typed here
    // that has to be compared with it first.
    const { version, saved } = isOvertaken(record, answer) ? answer.now : answer;
    record.version = version;
    record.sealed = null;
    record.refused = null;
    try {
      const before = await deskStore.savedOf(record.sheet);
      const emptied = Object.fromEntries(Object.keys(changes).map((name) => [name, ""]));
      const fields = saved ? { ...emptied, ...saved } : { ...(before?.owner === record.owner ? before.fields : {}), ...changes };
      await deskStore.keepSaved({ sheet: record.sheet, owner: record.owner, version, fields, moment: answer.saved_at });
      if (Object.keys(record.open).length) await deskStore.keep(record);
      else await deskStore.drop(record.id);
    } catch {
      // this device keeps nothing; the mark is saved all the same
    }
  }

  const isOvertaken = (record, answer) => Boolean(answer.now) && !Object.keys(record.open).length;
  const typed = (record) => ({ ...record.sealed?.changes, ...record.open });
  const waiting = (record) => Object.keys(typed(record));
  const alive = async () =>
    new Set(navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : []);

  // Sends what closed pages left behind; with `all` also what open ones hold.
  async function flush(owner, { all = false } = {}) {
    const pages = all ? new Set() : await alive();
    for (const record of await deskStore.recordsOf(owner)) {
      if (pages.has(record.id) || record.refused) continue;
      while (waiting(record).length) {
        await seal(record);
        const answer = await send(record);
        if (answer.status === 200) await settle(record, answer);
        else {
          if (answer.status === 0 || answer.status === 401 || answer.status >= 500) return;
          record.refused = answer; // the page of the sheet shows it and asks what to do
          await deskStore.keep(record);
          break;
        }
      }
    }
  }

  return {
    alive,
    ask,
    flush,
    isOvertaken,
    newKey,
    seal,
    send,
    settle,
    typed,
    waiting,
    useToken: (given) => (token = given),
  };
})();
