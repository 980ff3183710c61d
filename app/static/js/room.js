// The council's meeting: the page follows it, the arrow keys lead it, the timer counts. Without this file the
// pages have a link to reload, buttons for each step, and the time at which the timer began.
"use strict";

const EVERY = 2000; // milliseconds between two questions
const live = document.querySelector("[data-live]");
let stamp = live?.dataset.stamp;

function put(part) {
  const old = document.getElementById(part.id);
  if (!old || old.innerHTML === part.innerHTML) return;
  const held = old.contains(document.activeElement) ? document.activeElement.id : null;
  old.replaceChildren(...part.childNodes);
  for (const name of ["over", "title"]) {
    if (name in part.dataset) old.dataset[name] = part.dataset[name];
  }
  if (held !== null) (document.getElementById(held) ?? old).focus();
}

// Says why the page does not follow the meeting: "signedOut", "unreachable", or nothing while it does.
function lost(why) {
  for (const note of document.querySelectorAll(".lost")) {
    if (why && note.textContent !== note.dataset[why]) note.textContent = note.dataset[why];
    note.hidden = !why;
  }
}

async function follow() {
  try {
    const answer = await fetch(live.dataset.live, { headers: { "If-None-Match": `"${stamp}"` }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      lost("signedOut");
      return;
    }
    if (answer.status === 200) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.querySelectorAll("[data-part]").forEach(put);
      stamp = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
      title();
      tick();
    }
    lost(answer.status === 200 || answer.status === 304 ? "" : "unreachable");
  } catch {
    lost("unreachable");
  }
  if (!live.querySelector("[data-over]")) setTimeout(follow, EVERY);
}

function title() {
  const named = live.querySelector("[data-title]");
  if (named) document.title = `${named.dataset.title} – binhchon`;
}

const skews = new WeakMap(); // this device's clock against the server's, when a timer was first seen

function tick() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    const { timer: from, seconds, now } = timer.dataset;
    if (!skews.has(timer)) skews.set(timer, Date.parse(now) - Date.now());
    const left = Date.parse(from) + 1000 * Number(seconds) - Date.now() - skews.get(timer);
    const whole = Math.ceil(Math.abs(left) / 1000);
    const clock = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    timer.textContent = left < 0 ? `−${clock}` : clock;
    timer.classList.toggle("timer-over", left < 0);
  }
}

document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "left", ArrowRight: "right" }[event.key];
  if (!way || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = document.querySelector(`[data-arrow="${way}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

if (document.querySelector("[data-timer]") || live) setInterval(tick, 1000);
tick();
if (live && !live.querySelector("[data-over]")) setTimeout(follow, EVERY);
