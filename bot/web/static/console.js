// SPDX-FileCopyrightText: 2026 The Lotse authors
// SPDX-License-Identifier: EUPL-1.2

// The console works without this file; with it, pages change without being loaded anew.
"use strict";

// A form that somebody has begun to fill in.
const begun = (form) => [...form.elements].some((field) => field.type === "checkbox" || field.type === "radio"
  ? field.checked !== field.defaultChecked
  : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);

// What came back for a form of ours is shown as it is; what only came as news leaves begun forms alone.
let isNews = false;

htmx.registerExtension("lotse", {
  htmx_before_morph_node: (node) => !(isNews && node.matches?.("form") && begun(node)),
  // What somebody has opened or closed stays so; `data-wide` is opened by us.
  htmx_before_morph_attr: (node, detail) => !(detail.attrName === "open" && (isNews || "wide" in node.dataset)),
});

// One look at a time: what comes meanwhile is looked at once, afterwards.
let looks = 0;
async function refresh() {
  looks += 1;
  if (looks > 1) return;
  try {
    for (let seen = 0; seen < looks;) { seen = looks; await bringNews(); }
  } finally {
    looks = 0;
  }
}

// A line that is there already may have come further on its way: waiting, sent.
function renewStates(fresh) {
  for (const line of fresh) {
    const head = byId(line.id)?.querySelector(".who");
    const news = line.querySelector(".who");
    if (head && news && head.textContent !== news.textContent) head.replaceWith(news.cloneNode(true));
  }
}

// A part in which somebody has begun a form that the news do not have any more stays until it is sent.
const loses = (old, fresh) => [...old.querySelectorAll("form")].some(
  (form) => begun(form) && form.id && !fresh.querySelector("#" + form.id));

// News: all parts of the page that are marked for it, each exchanged where it differs.
async function bringNews() {
  const address = new URL(location.href);
  address.searchParams.set("live", "1");
  const answer = await look(address);
  if (answer.status === 401) { tellSignedOut(); return; }
  if (!answer.ok) return;
  const text = await answer.text();
  const news = parse(text);
  const lines = [...news.querySelectorAll("#lines > li")];
  if (byId("lines") && lines.length) { renewStates(lines); addLines(byId("lines"), lines); }
  isNews = true;
  try {
    for (const old of document.querySelectorAll("[data-news]")) {
      const fresh = news.getElementById(old.id);
      if (fresh && fresh.outerHTML !== old.outerHTML && !loses(old, fresh)) {
        await htmx.swap({ sourceElement: old, target: old, text: fresh.outerHTML, swap: "outerMorph" });
      }
    }
  } finally {
    isNews = false;
  }
  if (news.title) document.title = news.title;
  document.dispatchEvent(new CustomEvent("lotse:news"));
}

// Nothing typed is lost: the page stays, and says what has happened.
function tellSignedOut() {
  const notes = byId("notes");
  if (notes && !notes.querySelector("[data-out]")) {
    const note = Object.assign(document.createElement("p"), { className: "note", textContent: body.dataset.out });
    note.dataset.out = "";
    notes.append(note);
  }
}

// Asked before the page changes: afterwards the link may not be there any more.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.isLink = Boolean(ctx.sourceElement?.matches?.("a"));
});
// After going to another page the keyboard starts at its beginning; after sending a form it stays where it was.
document.addEventListener("htmx:after:swap", (event) => {
  // News close no menu that somebody is just choosing from.
  if (isNews) return;
  widen();
  const ctx = event.detail?.ctx;
  // On a small screen the form may be far below the beginning of the page.
  if (ctx?.response?.status === 422) document.querySelector("main .fault")?.scrollIntoView({ block: "center" });
  if (ctx?.isLink) {
    byId("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
});
document.addEventListener("htmx:finally:request", () => body.classList.remove("busy"));
document.addEventListener("htmx:error", () => {
  const notes = byId("notes");
  if (!notes) return;
  notes.replaceChildren(Object.assign(document.createElement("p"), { className: "note", textContent: body.dataset.lost }));
});

// Folded on small screens and open from the width of `data-wide` on, where browsers cannot say so in CSS.
const widths = new Map();
function isWide(width) {
  if (!widths.has(width)) {
    widths.set(width, matchMedia(`(min-width: ${width})`));
    widths.get(width).addEventListener("change", widen);
  }
  return widths.get(width).matches;
}
function widen() {
  document.querySelectorAll("details[data-wide]").forEach((one) => { one.open = isWide(one.dataset.wide); });
}
widen();

watch(body.dataset.stream, refresh);
