// SPDX-FileCopyrightText: 2026 The Lotse authors
// SPDX-License-Identifier: EUPL-1.2

// A page to print gets a button for it; without scripts the browser's own menu does it.
"use strict";

for (const place of document.querySelectorAll("[data-print]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button primary", textContent: place.dataset.print });
  button.addEventListener("click", () => print());
  place.replaceWith(button);
}
