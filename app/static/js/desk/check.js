// Before sheets are submitted: what was typed on this device and is not on them is sent, or keeps them back. Also on sheets
// that lack marks, which may be what waits.
"use strict";

(async () => {
  const form = document.querySelector("form[data-submits]");
  if (!self.indexedDB) return;
  const owner = Number(document.querySelector("script[data-owner]").dataset.owner);
  const notes = [...document.querySelectorAll("[data-waiting]")];
  const shown = notes.map((note) => Number(note.dataset.waiting));
  let isSure = false;

  form?.addEventListener("submit", async (event) => {
    if (isSure) return;
    event.preventDefault();
    const isTicked = ({ type, checked }) => type !== "checkbox" || checked;
    const asked = [...form.querySelectorAll("[data-of]")].filter(isTicked).map((one) => Number(one.dataset.of));
    const waiting = show(await sheets());
    if (asked.some((sheet) => waiting.has(sheet))) return;
    isSure = true;
    form.requestSubmit();
  });

  const before = show(await sheets());
  if (!before.size) return;
  await deskOutbox.flush(owner);
  const after = await sheets();
  if ([...before].some((sheet) => !after.has(sheet))) location.reload(); // its marks are others now
  else show(after);

  // The sheets of this page on which something is not saved yet.
  async function sheets() {
    const records = await deskStore.recordsOf(owner).catch(() => []); // no store on this device: nothing waits there
    return new Set(records.map((one) => one.sheet).filter((sheet) => shown.includes(sheet)));
  }

  function show(waiting) {
    for (const note of notes) note.hidden = !waiting.has(Number(note.dataset.waiting));
    for (const one of document.querySelectorAll("[data-of]")) {
      one.disabled = waiting.has(Number(one.dataset.of));
      if (one.disabled) one.checked = false;
    }
    return waiting;
  }
})();
