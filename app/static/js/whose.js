// Copies of a judge's pages stay on the device: each is for its judge, and only until somebody else has signed in.
// Not deferred: nothing of a page that is another person's is to be seen.
"use strict";

(() => {
  const { owner, cookie } = document.currentScript.dataset;
  const last = document.cookie.split("; ").find((one) => one.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
  self.deskIsFor = (person) => last === undefined || last === person;
  if (!self.caches || owner === undefined || deskIsFor(owner)) return;
  window.stop(); // the rest of the page stays unread
  Promise.all(["desk-pages", "desk-files"].map((name) => caches.delete(name))).then(() => location.reload());
})();
