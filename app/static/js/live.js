// Keeps a part of a page up to date: asks the server every few seconds, and not while nobody looks.
// Without this file the page has a link that loads it again.
"use strict";

const MINUTE = 60_000;
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeStyle: "medium",
  hourCycle: "h23", // in English too
  timeZone: "Asia/Ho_Chi_Minh", // as every other time on the page
});
const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
let skew = 0; // how far this machine's clock is behind the server's

function tellAges(part) {
  for (const time of part.querySelectorAll("time[data-ago]")) {
    time.dataset.said ??= time.textContent;
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now() - skew) / MINUTE);
    if (minutes <= -24 * 60) time.textContent = time.dataset.said;
    else if (minutes <= -60) time.textContent = ago.format(Math.round(minutes / 60), "hour");
    else time.textContent = minutes < 0 ? ago.format(minutes, "minute") : ago.format(0, "second");
  }
}

class Live {
  constructor(frame) {
    this.url = frame.dataset.live;
    this.tag = `W/"${frame.dataset.liveTag}"`;
    this.every = Number(frame.dataset.liveEvery) * 1000;
    this.part = frame.querySelector("[data-live-part]");
    this.note = frame.querySelector("[data-live-note]");
    this.status = frame.querySelector("[data-live-said]");
    this.button = frame.querySelector("[data-live-pause]");
    this.failures = 0;
    this.looked = Date.now();
    this.said = 0;
    this.ended = false;
    this.paused = false;
    this.show("fresh");
    tellAges(this.part);
    this.wait();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) clearTimeout(this.timer);
      else if (!this.ended && !this.paused) this.look();
    });
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.pause());
  }

  // For readers whom what moves disturbs.
  pause() {
    this.paused = !this.paused;
    this.button.setAttribute("aria-pressed", String(this.paused));
    clearTimeout(this.timer);
    if (this.paused) this.show("paused");
    else this.look();
  }

  // After failures ever longer, up to two minutes.
  wait() {
    clearTimeout(this.timer);
    const pause = Math.min(this.every * 2 ** this.failures, 2 * MINUTE);
    if (!document.hidden && !this.ended && !this.paused) this.timer = setTimeout(() => this.look(), pause);
  }

  async look() {
    clearTimeout(this.timer);
    try {
      const response = await fetch(this.url, {
        headers: { "If-None-Match": this.tag },
        cache: "no-store",
        redirect: "manual",
      });
      skew = Date.parse(response.headers.get("Date") ?? "") - Date.now() || skew;
      if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) {
        this.ended = true; // signed out, or the contest is not this reader's any more
        this.button.hidden = true;
        this.show("ended");
        return;
      }
      if (response.status !== 304) {
        if (!response.ok) throw new Error(response.statusText);
        this.take(await response.text(), response.headers.get("ETag"));
      }
      this.failures = 0;
      this.looked = Date.now();
      this.show(this.paused ? "paused" : "fresh");
    } catch {
      this.failures += 1;
      this.show("stale");
    }
    tellAges(this.part);
    this.wait();
  }

  // What somebody is in the middle of is not replaced under their hands: it comes with the next look.
  take(text, tag) {
    if (this.part.contains(document.activeElement)) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    this.part.replaceChildren(...fresh.body.childNodes);
    this.tag = tag;
    this.announce();
  }

  // One sentence a minute at most, for those who hear the page.
  announce() {
    const summary = this.part.querySelector("[data-live-summary]")?.dataset.liveSummary;
    if (!summary || summary === this.status.textContent || Date.now() - this.said < MINUTE) return;
    this.status.textContent = summary;
    this.said = Date.now();
  }

  show(state) {
    this.note.textContent = this.note.dataset[state].replace("{time}", clock.format(this.looked));
    this.note.classList.toggle("live-stale", state === "stale" || state === "ended");
  }
}

for (const frame of document.querySelectorAll("[data-live]")) new Live(frame);
