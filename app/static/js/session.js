// One device, several people: at sign-out nothing of a judge stays on it, and nobody finds another's pages.
"use strict";

{
  const owner = Number(document.querySelector("script[data-owner]").dataset.owner);

  for (const form of document.querySelectorAll("form[data-warning]")) {
    let cleared = false;

    form.addEventListener("submit", async (event) => {
      if (cleared || !self.indexedDB) return;
      event.preventDefault();
      try {
        const sent = deskOutbox.flush(owner, { all: true });
        await Promise.race([sent, new Promise((later) => setTimeout(later, 5000))]);
        if ((await deskStore.recordsOf(owner)).length && !confirm(form.dataset.warning)) return;
        // Others were not asked: what they typed and could not save must outlast this sign-out.
        if (await deskStore.leave(owner)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "unsaved", value: "others" }));
      } catch {
        // no store on this device: nothing waits there
      }
      cleared = true;
      form.requestSubmit();
    });
  }

  // Before pages are fetched ahead: they would be taken for those of whoever was here before.
  self.deskTidied = (async () => {
    if (!self.caches || !(await caches.has("desk-pages"))) return;
    const pages = await caches.open("desk-pages");
    const mark = await pages.match("/judging/owner");
    if ((await mark?.text()) === String(owner)) return;
    await caches.delete("desk-pages");
    await caches.delete("desk-files");
    await deskStore.forgetOthers(owner);
  })().catch(() => {});
}
