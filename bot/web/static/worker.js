// SPDX-FileCopyrightText: 2026 The Lotse authors
// SPDX-License-Identifier: EUPL-1.2

// Without a network: the page with the numbers that help. It is the same for everybody; no page of a person
// is ever kept.
"use strict";

const KEPT = "lotse-help-1";
const HELP = "/hilfe?offline=1";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then(async (cache) => {
    const page = await fetch(HELP, { credentials: "omit" });
    const links = [...(await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+\.(?:css|svg|js)\?v=[^"]+)"/g)];
    await cache.put(HELP, page);
    await cache.addAll([...new Set(links.map((link) => link[1]))]);
  }));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("lotse-") && name !== KEPT).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const isOurs = new URL(request.url).origin === location.origin;
  if (request.method !== "GET" || !isOurs) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(HELP)) || Response.error()));
  } else if (request.url.includes("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});
