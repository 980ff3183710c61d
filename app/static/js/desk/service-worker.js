// Lets a judge's pages open without a connection: each as it was when it was last here. Saves go past it.
"use strict";

const STATIC = new URL(self.location).searchParams.get("static"); // the folder of this version
importScripts(`${STATIC}/js/desk/store.js`, `${STATIC}/js/desk/outbox.js`);

const SHELL = `desk-shell-${STATIC}`;
const PAGES = "desk-pages";
const FILES = "desk-files";
const OFFLINE = "/judging/offline";
const PATIENCE = 4000; // milliseconds to wait for a page of which there is a copy
const SHELL_FILES = [
  "vendor/bootstrap-5.3.9.min.css", "css/app.css", "css/desk.css", "css/grid.css", "icon.svg", "js/whose.js", "js/keep.js", "js/session.js",
  ...["store", "outbox", "marks", "fields", "conflict", "saving", "sheet", "viewer", "paste", "pasting", "cells", "grid", "list", "closed", "offline"].map((name) => `js/desk/${name}.js`),
].map((name) => `${STATIC}/${name}`);

self.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(SHELL)).addAll([...SHELL_FILES, OFFLINE]);
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("desk-shell-") && name !== SHELL) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "desk-outbox") event.waitUntil(flushAll());
});

async function flushAll() {
  const response = await fetch("/judging/session", { headers: { "Content-Type": "application/json" } });
  if (response.ok) await deskOutbox.flush((await response.json()).user);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(`${STATIC}/`)) event.respondWith(fromShell(request));
  else if (url.pathname.startsWith("/files/")) event.respondWith(file(event));
  else if (request.mode === "navigate" && isDesk(url)) event.respondWith(page(event, url));
});

const isDesk = ({ pathname }) => /^\/judging\/(sheets\/\d+|grid)?$/.test(pathname);

async function fromShell(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// A file never changes under its number; whether one may read it can, so a copy is checked behind the reader's back.
async function file(event) {
  const kept = await caches.match(event.request);
  const fresh = refresh(FILES, event.request, event.request.url);
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

async function refresh(store, request, name) {
  const response = await fetch(request);
  const cache = await caches.open(store);
  if (response.ok && !response.redirected) await cache.put(name, response.clone());
  else if ([403, 404].includes(response.status)) await cache.delete(name);
  return response;
}

// The page from the server if it comes in time; otherwise the copy of it, and the server's goes into its place.
async function page(event, url) {
  const name = url.pathname + url.search;
  const kept = await caches.match(name, { cacheName: PAGES });
  const fresh = refresh(PAGES, event.request, name);
  event.waitUntil(fresh.catch(() => {}));
  try {
    if (!kept) return await fresh;
    const late = new Promise((_done, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
    return await Promise.race([fresh, late]);
  } catch {
    return kept ?? (await anyList(url)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

// Without a copy of a list with just this filter, the whole list.
const anyList = ({ pathname }) => (pathname === "/judging/" ? caches.match("/judging/", { cacheName: PAGES, ignoreSearch: true }) : undefined);
