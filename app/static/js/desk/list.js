// A judge's list: fetches the sheets ahead for work without a connection, and says what is not saved yet.
"use strict";

(async () => {
  const FRESH = 12 * 60 * 60 * 1000; // milliseconds for which a copy of the same version is good enough
  const list = document.querySelector("[data-desk-list]");
  if (!list || !document.getElementById("desk-words")) return;
  const owner = Number(list.dataset.owner);
  const words = document.getElementById("desk-words").dataset;
  const line = document.getElementById("offline-state");
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const links = [...document.querySelectorAll("a[data-sheet]")];

  showWaiting();
  deskOutbox.flush(owner).then(showWaiting, () => {});
  addEventListener("online", () => deskOutbox.flush(owner).then(showWaiting, () => {}));
  if (!line) return; // scoring is closed: nothing is fetched ahead
  if (!("serviceWorker" in navigator)) {
    line.textContent = words.noWorker;
    return;
  }
  await navigator.serviceWorker.register(`/judging/service-worker.js?static=${encodeURIComponent(list.dataset.static)}`, { scope: "/judging/" });
  await navigator.serviceWorker.ready;
  const button = document.getElementById("fetch-all");
  button.hidden = false;
  button.addEventListener("click", () => fetchAhead({ whole: true }));
  if (navigator.onLine && !navigator.connection?.saveData) await fetchAhead({ whole: false });

  async function showWaiting() {
    const records = await deskStore.recordsOf(owner);
    for (const link of links) {
      const waiting = records.filter((record) => record.sheet === Number(link.dataset.sheet));
      const number = new Set(waiting.flatMap(deskOutbox.waiting)).size;
      const badge = link.closest("tr").querySelector("[data-waiting]");
      const asks = waiting.some((record) => record.refused);
      badge.hidden = !number;
      badge.textContent = asks ? words.asks : say(number === 1 ? words.waitingOne : words.waitingMany, { number });
    }
  }

  // Each open sheet with its small pictures; with `whole` also every photo and paper in full.
  async function fetchAhead({ whole }) {
    await deskTidied;
    const pages = await caches.open("desk-pages");
    const files = await caches.open("desk-files");
    await pages.put("/judging/owner", new Response(String(owner)));
    const open = links.filter((link) => whole || "open" in link.dataset);
    let done = 0;
    const fetchOne = async (link) => {
      const address = new URL(link.href).pathname;
      const kept = await pages.match(address);
      const isNew = kept?.headers.get("X-Kept-Version") === link.dataset.version && Date.now() - kept.headers.get("X-Kept-At") < FRESH;
      const response = isNew ? kept : await fetch(address, { headers: { "X-Ahead": "1" } });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const text = await response.text();
      if (!isNew) {
        const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept-Version": link.dataset.version, "X-Kept-At": Date.now() };
        await pages.put(address, new Response(text, { headers }));
      }
      const parsed = new DOMParser().parseFromString(text, "text/html");
      const wanted = [...parsed.querySelectorAll(".photo-grid img")].map((image) => image.getAttribute("src"));
      if (whole) wanted.push(...[...parsed.querySelectorAll(".photo-grid a, .paper-list a")].map((one) => one.getAttribute("href")));
      for (const name of wanted) if (!(await files.match(name))) await files.add(name);
      done += 1;
      line.textContent = say(words.fetching, { done, all: open.length });
    };
    try {
      for (const link of open) await fetchOne(link);
      await pages.add(new Request(location.pathname + location.search, { headers: { "X-Ahead": "1" } }));
      line.textContent = say(words.ready, { number: open.length });
    } catch {
      line.textContent = say(words.partly, { done, all: open.length });
    }
  }
})();
