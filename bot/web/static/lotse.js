// SPDX-FileCopyrightText: 2026 The Lotse authors
// SPDX-License-Identifier: EUPL-1.2

// Everything works without this file; with it, pages change without being loaded anew.
"use strict";

const body = document.body;
const byId = (id) => document.getElementById(id);
let isShut = false;
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// One stream a browser: whoever holds the lock has it and tells the other tabs. Browsers without locks look
// now and then. Nothing is fetched for a page that nobody sees.
function watch(url, changed) {
  const seen = () => { if (!document.hidden) changed(); };
  document.addEventListener("visibilitychange", seen);
  if (!navigator.locks || !window.BroadcastChannel || !window.EventSource) {
    setInterval(seen, 15000);
    return;
  }
  const others = new BroadcastChannel("lotse:" + url);
  others.onmessage = seen;
  navigator.locks.request("lotse:" + url, () => new Promise((release) => {
    const source = new EventSource(url);
    const tell = () => { others.postMessage(1); seen(); };
    source.addEventListener("changed", tell);
    source.onopen = tell;
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { release(); watchAgain(url, changed); }, 30000);
    };
  }));
}

function watchAgain(url, changed) {
  fetch(url.replace(/stream$/, ""), { method: "HEAD" }).then((answer) => {
    if (answer.status !== 401) watch(url, changed);
    else if (!isShut) location.reload();
  }, () => watch(url, changed));
}

// Without a network there is no news; the stream tells when it is back.
const look = (url) => fetch(url).catch(() => new Response(null, { status: 503 }));

// Where there is little height the whole page scrolls instead of the box.
const atEnd = (box) => box.scrollTop > -80 && byId("newest").getBoundingClientRect().top < innerHeight + 80;
const toEnd = (box) => { box.scrollTop = 0; byId("newest").scrollIntoView({ block: "nearest" }); };

// Lines that are there already stay as they are, so that a screen reader speaks only what is new.
function addLines(list, fresh) {
  let before = null;
  let added = 0;
  for (const line of fresh) {
    const known = byId(line.id);
    if (known) { before = known; continue; }
    if (before) before.after(line); else list.append(line);
    before = line;
    added += 1;
  }
  return added;
}

function chat() {
  const list = byId("lines");
  const log = byId("log");
  const words = byId("words");
  const notes = byId("notes");
  let turn = Promise.resolve();
  const say = (text) => {
    notes.replaceChildren();
    if (text) notes.append(Object.assign(document.createElement("p"), { className: "note", textContent: text }));
  };

  async function refresh(own) {
    // A message that was held back may come in before others: a few known lines are asked for again.
    const anchor = list.children[list.children.length - 20];
    const query = new URLSearchParams(anchor ? { after: anchor.id } : {});
    // What was noted is for whoever acted: a page that only looks for news does not take it away.
    if (!own) query.set("live", "1");
    const answer = await look(body.dataset.news + "?" + query);
    if (answer.status === 401 && !isShut) location.reload();
    if (!answer.ok || isShut) return;
    const news = parse(await answer.text());
    const follow = own || atEnd(log);
    const added = addLines(list, [...news.querySelectorAll("[data-lines] > li")]);
    const keys = news.querySelector("[data-keys]");
    const shown = [...byId("keys").querySelectorAll("button")].map((key) => key.value).join();
    if ([...keys.querySelectorAll("button")].map((key) => key.value).join() !== shown) {
      const held = byId("keys").contains(document.activeElement);
      byId("keys").replaceChildren(...keys.childNodes);
      if (held) (byId("keys").querySelector("button") || words).focus({ preventScroll: true });
    }
    if (own) {
      notes.replaceChildren(...news.querySelector("[data-notes]").childNodes);
      document.querySelectorAll("input[name=form_id]").forEach((field) => {
        field.value = field.value.slice(0, 16) + news.querySelector("[data-form]").value.slice(16);
      });
    }
    if (added) byId("empty")?.remove();
    if (own || (added && follow)) toEnd(log);
  }

  async function send(form, fields) {
    body.classList.add("busy");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        if ("compose" in form.dataset && words.value.replace(/\r?\n/g, "\r\n") === fields.get("text")) words.value = "";
        fit();
        await refresh(true);
      } else if (answer.status === 401) {
        // What became of the words stands there: it is not loaded over.
        isShut = true;
        document.documentElement.replaceWith(parse(await answer.text()).documentElement);
      } else if (answer.status === 403) {
        location.reload();
      } else {
        say(answer.status === 413 ? parse(await answer.text()).querySelector("h1 + p").textContent : body.dataset.lost);
      }
    } catch {
      say(body.dataset.lost);
    }
    body.classList.remove("busy");
  }

  document.addEventListener("submit", (event) => {
    if (!("send" in event.target.dataset)) return;
    event.preventDefault();
    const form = event.target;
    const fields = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
    // In order, one after the other; the server takes the same form with the same words only once.
    turn = turn.then(() => send(form, fields));
  });
  const fit = () => { words.style.height = "auto"; words.style.height = Math.min(words.scrollHeight + 4, 160) + "px"; };
  words.addEventListener("input", fit);
  words.addEventListener("keydown", (event) => {
    const types = matchMedia("(hover: hover) and (pointer: fine)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !types) return;
    event.preventDefault();
    if (words.value.trim()) words.form.requestSubmit();
  });
  watch(body.dataset.stream, () => refresh(false));
}

function demo() {
  const clock = byId("clock");
  const tell = async () => { clock.textContent = await (await fetch(body.dataset.clock)).text(); };
  document.querySelector("[data-move]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new URLSearchParams([[event.submitter.name, event.submitter.value]]);
    await fetch(event.target.action, { method: "POST", body: fields, redirect: "manual" });
    await tell();
  });
  setInterval(tell, 20000);
}

// Leaving at once: the way back does not lead here.
document.querySelector("[data-leave]")?.addEventListener("click", (event) => {
  event.preventDefault();
  window.top.location.replace(event.currentTarget.href);
});

if (body.dataset.news) chat();
if (body.dataset.clock) demo();
if (window.top !== window) document.querySelector("form[data-enter]")?.submit();
// A form that is under way is not sent twice.
if (!body.dataset.news) document.addEventListener("submit", () => setTimeout(() => body.classList.add("busy")));
window.addEventListener("pageshow", () => body.classList.remove("busy"));
// Without a network the page with the numbers that help is there; nothing personal is kept for that.
if (body.dataset.news && navigator.serviceWorker && window.top === window) {
  navigator.serviceWorker.register("/worker.js").catch(() => {});
}
