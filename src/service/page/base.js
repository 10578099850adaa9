// Keys, countdown, refresh. The page works without this file: forms post, and it reloads by itself.
"use strict";
(() => {
  const REFRESH_MS = 2000;
  let shownAt = performance.now();

  // One key each; never while somebody types or holds a modifier, never on a key that repeats.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("input, textarea, select")) return;
    const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (button) {
      event.preventDefault();
      button.form.requestSubmit(button);
    }
  });

  const countDown = () => {
    for (const element of document.querySelectorAll("[data-left-ms]")) {
      const passed = (performance.now() - shownAt) * Number(element.dataset.rate);
      const left = Math.max(0, Math.ceil((Number(element.dataset.leftMs) - passed) / 1000));
      element.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    }
  };

  // Replaces what changed, and leaves a list that somebody has open alone.
  const refresh = async () => {
    if (document.activeElement && document.activeElement.matches("select")) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      const main = document.querySelector("main");
      const asked = fresh.querySelector("section.asked") && !main.querySelector("section.asked");
      const focused = document.activeElement && document.activeElement.dataset.key;
      main.replaceWith(fresh);
      shownAt = performance.now();
      if (focused) document.querySelector(`button[data-key="${CSS.escape(focused)}"]`)?.focus();
      if (asked) document.title = `● ${document.title.replace(/^● /, "")}`;
      document.querySelector("#cut").hidden = true;
    } catch {
      document.querySelector("#cut").hidden = false;
    }
  };

  countDown();
  setInterval(countDown, 250);
  setInterval(refresh, REFRESH_MS);
})();
