// Keys, countdown, refresh. The page works without this file: forms post, and it reloads by itself.
"use strict";
(() => {
  const REFRESH_MS = 2000;
  // Seconds left at which the countdown is read aloud.
  const SPOKEN_S = [30, 20, 10, 5];
  const main = document.querySelector("main");
  const said = document.querySelector("#said");
  let shownAt = performance.now();
  let lastSpoken = Infinity;

  const store = {
    read: () => { try { return localStorage.getItem("yui.keys"); } catch { return null; } },
    write: (value) => { try { localStorage.setItem("yui.keys", value); } catch { /* private browsing: for this page only */ } },
  };

  // The switch: screen readers and other programs may want the letters for themselves.
  const toggle = document.querySelector("#keys");
  let keysOn = store.read() !== "off";
  const showToggle = () => {
    toggle.hidden = false;
    toggle.textContent = keysOn ? toggle.dataset.on : toggle.dataset.off;
    document.body.classList.toggle("keys-off", !keysOn);
  };
  toggle.addEventListener("click", () => {
    keysOn = !keysOn;
    store.write(keysOn ? "on" : "off");
    showToggle();
  });

  // One key each; never while somebody types or holds a modifier, never on a key that repeats.
  document.addEventListener("keydown", (event) => {
    if (!keysOn || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
    const key = CSS.escape(event.key.toLowerCase());
    const button = main.querySelector(`button[data-key="${key}"]`);
    const list = main.querySelector(`[data-focus-key="${key}"]`);
    if (!button && !list) return;
    event.preventDefault();
    if (button) button.form.requestSubmit(button);
    else list.querySelector("button").focus();
  });

  const countDown = () => {
    for (const element of main.querySelectorAll("[data-left-ms]")) {
      const passed = (performance.now() - shownAt) * Number(element.dataset.rate);
      const left = Math.max(0, Math.ceil((Number(element.dataset.leftMs) - passed) / 1000));
      const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (element.textContent !== text) element.textContent = text;
      const due = SPOKEN_S.filter((second) => left <= second && second < lastSpoken).pop();
      if (due !== undefined && left > 0) {
        lastSpoken = due;
        said.textContent = said.dataset.seconds.replace("%", left);
      }
    }
    if (!main.querySelector("[data-left-ms]")) lastSpoken = Infinity;
  };

  const say = (text) => {
    if (text && text !== main.dataset.shown) said.textContent = text;
    main.dataset.shown = text;
  };

  // Nodes are the same when they are of one kind and about one thing.
  const same = (old, fresh) =>
    old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName &&
    (old.nodeType !== Node.ELEMENT_NODE || old.dataset.is === fresh.dataset.is);

  // Makes `old` what `fresh` is and touches nothing that is so already: what has the focus keeps it.
  const renew = (old, fresh) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const wanted = [...fresh.childNodes];
    wanted.forEach((child, index) => {
      const there = old.childNodes[index];
      const kept = child.dataset?.is ? [...old.children].find((element) => same(element, child)) : there;
      if (!there) old.append(kept ?? child);
      else if (kept !== there) there.before(kept ?? child);
      else if (!same(there, child)) there.before(child);
      if (kept && same(kept, child)) renew(kept, child);
    });
    while (old.childNodes.length > wanted.length) old.lastChild.remove();
  };

  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main");
      const focused = document.activeElement && document.activeElement.dataset.key;
      const text = fresh.dataset.said;
      for (const attribute of ["said", "shown"]) delete fresh.dataset[attribute];
      const shown = main.dataset.shown;
      renew(main, fresh);
      main.dataset.shown = shown;
      shownAt = performance.now();
      countDown();
      say(text);
      document.title = page.title;
      if (focused && !main.contains(document.activeElement)) {
        main.querySelector(`button[data-key="${CSS.escape(focused)}"]`)?.focus();
      }
      document.querySelector("#cut").hidden = true;
    } catch {
      document.querySelector("#cut").hidden = false;
    }
  };

  showToggle();
  say(main.dataset.said);
  countDown();
  setInterval(countDown, 250);
  setInterval(refresh, REFRESH_MS);
})();
