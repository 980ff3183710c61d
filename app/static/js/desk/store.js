// What a judge's browser keeps on the device: what was typed and not yet saved, and what was saved last.
// A classic script, so that pages and the service worker can load the same file.
"use strict";

self.deskStore = (() => {
  const NAME = "binhchon-desk";
  let opened;
  let isLeft = false; // by signing out: what the page still wants to write would stay on the device

  function open() {
    if (isLeft) return Promise.reject(new Error("signed out"));
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        const records = request.result.createObjectStore("records", { keyPath: "id" });
        records.createIndex("owner", "owner");
        request.result.createObjectStore("saved", { keyPath: "sheet" });
      };
      request.onsuccess = () => {
        request.result.onclose = request.result.onversionchange = () => {
          request.result.close();
          opened = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    opened.catch(() => (opened = undefined));
    return opened;
  }

  // Runs `work` on one store; resolves with the result of its request once all of it is on disk.
  async function within(store, mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  const put = (store, value) => within(store, "readwrite", (rows) => rows.put(value));
  const remove = (store, key) => within(store, "readwrite", (rows) => rows.delete(key));

  return {
    // A record: {id, owner, sheet, version, sealed: {key, changes} | null, open: {field: text}, refused, at}
    keep: (record) => put("records", record),
    drop: (id) => remove("records", id),
    records: () => within("records", "readonly", (rows) => rows.getAll()),
    recordsOf: (owner) => within("records", "readonly", (rows) => rows.index("owner").getAll(owner)),
    // What stands on a sheet after the last save from here: {sheet, owner, version, fields, moment}
    keepSaved: (saved) => put("saved", saved),
    savedOf: (sheet) => within("saved", "readonly", (rows) => rows.get(sheet)),
    allSaved: () => within("saved", "readonly", (rows) => rows.getAll()),
    // Everything of other people, except what they typed and is not saved yet: nobody else is shown that.
    async forgetOthers(owner) {
      for (const saved of await this.allSaved()) if (saved.owner !== owner) await remove("saved", saved.sheet);
    },
    // After sign-out: what `forgetOthers` would forget, and all of the person's own.
    async leave(owner) {
      const dropOwn = (rows) => {
        const all = rows.getAll();
        all.onsuccess = () => all.result.forEach((one) => one.owner === owner && rows.delete(one.id));
        return all;
      };
      const emptied = [within("records", "readwrite", dropOwn), within("saved", "readwrite", (rows) => rows.clear())];
      isLeft = true;
      const [before] = await Promise.all(emptied);
      if (before.every((one) => one.owner === owner)) indexedDB.deleteDatabase(NAME);
      // The style sheets and scripts in the third cache are nobody's; a service worker that stays needs them.
      if (self.caches) for (const name of ["desk-pages", "desk-files"]) await caches.delete(name);
    },
  };
})();
