// The page that stands in for one of which there is no copy: lists the sheets that can be opened.
"use strict";

(async () => {
  const list = document.getElementById("kept-sheets");
  if (!list || !self.caches) return;
  for (const request of await (await caches.open("desk-pages")).keys()) {
    const { pathname } = new URL(request.url);
    if (!/^\/judging\/sheets\/\d+$/.test(pathname)) continue;
    const text = await (await caches.match(request)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!deskIsFor(page.querySelector("[data-owner]").dataset.owner)) continue;
    const title = page.querySelector("h1").textContent;
    const link = document.createElement("a");
    link.href = pathname;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  document.getElementById("retry").addEventListener("click", () => location.reload());
})();
