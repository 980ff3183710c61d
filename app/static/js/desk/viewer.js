// Photos of a dossier large, in the page: with zoom and the keys of a picture book. Without this file they are links.
"use strict";

(() => {
  const dialog = document.getElementById("viewer");
  const links = [...document.querySelectorAll(".photo-grid a")];
  if (!dialog || !links.length) return;
  const picture = dialog.querySelector("img");
  const stage = dialog.querySelector(".viewer-stage");
  const caption = dialog.querySelector(".viewer-caption");
  const zoom = dialog.querySelector("[data-viewer=zoom]");
  let shown = 0;

  function show(number) {
    shown = (number + links.length) % links.length;
    const small = links[shown].querySelector("img");
    picture.src = links[shown].href;
    picture.alt = caption.textContent = small.alt;
    enlarge(false);
  }

  function enlarge(large) {
    dialog.classList.toggle("is-large", large);
    zoom.setAttribute("aria-pressed", String(large));
    if (large) stage.scrollTo((picture.width - stage.clientWidth) / 2, (picture.height - stage.clientHeight) / 2);
  }

  links.forEach((link, number) =>
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(number);
      dialog.showModal();
    }),
  );
  dialog.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-viewer]")?.dataset.viewer;
    if (act === "previous") show(shown - 1);
    else if (act === "next") show(shown + 1);
    else if (act === "zoom" || target === picture) enlarge(!dialog.classList.contains("is-large"));
    else if (act === "close" || target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", ({ key }) => {
    if (dialog.classList.contains("is-large") && key.startsWith("Arrow")) return; // they move the picture
    if (key === "ArrowLeft") show(shown - 1);
    if (key === "ArrowRight") show(shown + 1);
    if (key === "+" || key === "-") enlarge(key === "+");
  });
  dialog.addEventListener("close", () => links[shown].focus());
})();
