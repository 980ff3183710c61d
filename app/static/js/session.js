// One device, several people: at sign-out nothing of a judge stays on it, and nobody finds another's pages.
"use strict";

{
  const PATIENCE = 5000; // milliseconds for what still has to be saved
  const owner = Number(document.querySelector("script[data-owner]").dataset.owner);

  for (const form of document.querySelectorAll("form[data-warning]")) {
    const button = form.querySelector("button");
    const name = button.textContent;
    let isUnderWay = false;

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isUnderWay) return; // pressed twice
      isUnderWay = true;
      button.textContent = form.dataset.busy;
      if (await signOut(form)) return;
      isUnderWay = false;
      button.textContent = name;
    });
  }

  // Whether the page is being left. What is on the device stays there until the server has ended the session.
  async function signOut(form) {
    const waiting = await whoseWait();
    if ((waiting.has(owner) || isUnsent()) && !confirm(form.dataset.warning)) return false;
    const main = document.getElementById("main");
    main.inert = true; // what is typed now would be saved nowhere
    const fields = new FormData(form);
    // Others were not asked: what they typed and could not save must outlast this sign-out.
    if ([...waiting].every((person) => person === owner)) fields.append("storage", "clear");
    let answer;
    try {
      answer = await deskOutbox.ask(form.action, { method: "POST", body: fields });
    } catch {
      main.inert = false;
      alert(form.dataset.failed);
      return false;
    }
    self.isSigningOut = true; // nothing asks again
    if (answer.type === "opaqueredirect") {
      await deskStore.leave(owner).catch(() => {});
      location.assign("/");
    } else form.submit(); // the server says why not
    return true;
  }

  // The people of whom something waits on this device after one more try to save it; a stranger, if that cannot be known.
  async function whoseWait() {
    try {
      await Promise.race([deskOutbox.flush(owner, { all: true }), new Promise((later) => setTimeout(later, PATIENCE))]);
      return new Set((await deskStore.records()).map((one) => one.owner));
    } catch {
      return new Set([null]);
    }
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
