"use strict";
// Patterns on a page: pointing at a word, or moving to its row by the keyboard, leaves only its pattern in full colour.

/** `changed(position)` is called when a word is pointed at; null when none is. */
function patternView(root, changed = () => {}) {
  const parts = [...root.querySelectorAll(".edge, .label")].map((element) => ({
    element,
    words: new Set((element.dataset.words ?? "").split(",").filter(Boolean).map(Number)),
  }));
  const rows = [...root.querySelectorAll("tr[data-position]")];
  let pinned = null;

  function show(position) {
    const hasPattern = position !== null && parts.some((part) => part.words.has(position));
    for (const { element, words } of parts) {
      element.classList.toggle("faded", hasPattern && words.size > 0 && !words.has(position));
    }
    for (const row of rows) row.classList.toggle("shown", Number(row.dataset.position) === position);
  }

  function point(position) {
    show(position ?? pinned);
    changed(position ?? pinned);
  }

  for (const element of root.querySelectorAll("[data-position]")) {
    const position = Number(element.dataset.position);
    element.addEventListener("pointerenter", () => point(position));
    element.addEventListener("pointerleave", () => point(null));
    element.addEventListener("focus", () => point(position));
    element.addEventListener("blur", () => point(null));
    element.addEventListener("click", () => {
      pinned = pinned === position ? null : position;
      point(null);
    });
  }
  root.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = rows.indexOf(document.activeElement);
    if (event.key === "Escape") {
      pinned = null;
      point(null);
    } else if (step && row >= 0) {
      rows[row + step]?.focus();
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && row >= 0) {
      rows[row].click();
      event.preventDefault();
    }
  });
  return { show };
}

if (!document.getElementById("attention")) {
  for (const root of document.querySelectorAll(".patterns")) patternView(root);
}
