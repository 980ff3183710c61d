// Asks before a page is left on which something was typed and not sent. Without this file nothing else changes.
"use strict";

const unsent = new Set();

for (const form of document.querySelectorAll("form[data-keep]")) {
  if (form.querySelector("[aria-invalid]")) unsent.add(form); // refused: what it holds is not saved
  form.addEventListener("input", () => unsent.add(form));
  form.addEventListener("submit", () => unsent.delete(form));
}

const isUnsent = () => [...unsent].some((form) => "keep" in form.dataset); // not if it saves itself by now

window.addEventListener("beforeunload", (event) => {
  if (isUnsent() && !self.isSigningOut) event.preventDefault();
});
