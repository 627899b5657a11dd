// SPDX-FileCopyrightText: 2026 The Lotse authors
// SPDX-License-Identifier: EUPL-1.2

// The queue's comfort: keys, a short sound, and how many wait in the window's title. All of it by choice, kept in
// this browser alone; nothing here is needed for anything.
"use strict";

{
  const KEPT = "lotse:comfort";
  const comfort = { keys: true, sound: false, badge: true };
  try { Object.assign(comfort, JSON.parse(localStorage.getItem(KEPT))); } catch { /* nothing is kept here */ }
  let audio = null;
  let known = null;

  const queued = () => [...document.querySelectorAll("[data-row]")];
  const isTyping = (node) => node.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

  // The badge is in the title that the server sends.
  function showBadge() {
    if (!comfort.badge) document.title = document.title.replace(/^\(\d+\) /, "");
  }

  // A browser plays nothing before somebody has pressed or typed something.
  function allowSound() {
    if (comfort.sound && !audio && window.AudioContext) audio = new AudioContext();
    if (audio?.state === "suspended") audio.resume();
  }

  function play() {
    if (!comfort.sound || audio?.state !== "running") return;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.12, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
  }

  // What is new among the rows is said aloud to those who cannot see it come.
  function compare() {
    const now = new Set(queued().map((row) => row.dataset.row));
    const fresh = known && queued().filter((row) => !known.has(row.dataset.row));
    known = byId("queue") ? now : null;
    if (!fresh?.length) return;
    const told = byId("arrived");
    const badge = fresh[0].querySelector(".badge");
    if (told) told.textContent = `${told.dataset.one}: ${badge ? badge.textContent : ""}`;
    play();
  }

  function go(step) {
    const links = queued().map((row) => row.querySelector("a")).filter((link) => link.offsetParent);
    if (!links.length) return;
    const open = links.findIndex((link) => link === document.activeElement);
    const at = open >= 0 ? open : links.findIndex((link) => link.ariaCurrent === "true");
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  }

  function reach(key) {
    const place = document.querySelector(`[data-key="${key}"]`);
    if (!place) return false;
    if (place.localName === "details") place.open = true;
    const field = place.querySelector("input:checked, input:not([type=hidden]), textarea, select, button");
    (field || place.querySelector("summary"))?.focus();
    place.scrollIntoView({ block: "nearest" });
    return true;
  }

  function openComfort() {
    const dialog = byId("comfort");
    if (!dialog || dialog.open) return;
    dialog.querySelectorAll("[data-comfort]").forEach((box) => { box.checked = comfort[box.dataset.comfort]; });
    dialog.showModal();
  }

  function press(key) {
    if (key === "j" || key === "k") { go(key === "j" ? 1 : -1); return Boolean(queued().length); }
    if (key === "?") { openComfort(); return Boolean(byId("comfort")); }
    const back = key === "u" && document.querySelector(".back a");
    if (back) { back.click(); return true; }
    return /^[a-z]$/.test(key) && reach(key);
  }

  document.addEventListener("keydown", (event) => {
    allowSound();
    const { target, key } = event;
    if (!comfort.keys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.closest?.("dialog") || isTyping(target)) return;
    const arrow = target.closest?.("#queue") && { ArrowDown: "j", ArrowUp: "k" }[key];
    if (press(arrow || key)) event.preventDefault();
  });
  document.addEventListener("pointerdown", allowSound);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-opens=comfort]")) openComfort();
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.dataset?.comfort) return;
    comfort[target.dataset.comfort] = target.checked;
    try { localStorage.setItem(KEPT, JSON.stringify(comfort)); } catch { /* it holds until the page is left */ }
    allowSound();
    play();
    showBadge();
  });

  function settle() {
    document.querySelectorAll(".only-script").forEach((one) => { one.hidden = false; });
    showBadge();
  }
  document.addEventListener("lotse:news", () => { compare(); settle(); });
  document.addEventListener("htmx:after:swap", () => { if (!isNews) { known = null; compare(); } settle(); });
  compare();
  settle();
}
