// A sheet that takes no marks now: shows what was typed on this device and came too late, until the judge discards it.
"use strict";

(async () => {
  const panel = document.getElementById("waiting");
  if (!panel || !self.indexedDB) return;
  const owner = Number(document.querySelector("script[data-owner]").dataset.owner);
  const rows = [...panel.querySelectorAll("[data-field]")];
  const said = document.getElementById("discarded");
  let shown;

  panel.querySelector("button").addEventListener("click", async () => {
    for (const one of await waiting()) await deskStore.drop(one.id);
    await show();
    said.textContent = said.dataset.text;
    said.focus();
  });
  await show();
  await deskOutbox.flush(owner); // if this is an old copy of the page, the sheet may be open again
  await show();

  // What pages left behind that are closed by now; one that is still open asks by itself.
  async function waiting() {
    const pages = await deskOutbox.alive();
    const records = await deskStore.recordsOf(owner);
    return records.filter((one) => one.sheet === Number(panel.dataset.sheet) && !pages.has(one.id)).sort((a, b) => a.at - b.at);
  }

  async function show() {
    const typed = Object.assign({}, ...(await waiting()).map(deskOutbox.typed));
    if (JSON.stringify(typed) === shown) return; // it is announced once
    shown = JSON.stringify(typed);
    for (const row of rows) {
      row.hidden = !(row.dataset.field in typed);
      row.querySelector("dd").textContent = typed[row.dataset.field]?.trim() || "–";
    }
    panel.hidden = rows.every((row) => row.hidden);
  }
})().catch(() => {}); // no store on this device: nothing waits there
