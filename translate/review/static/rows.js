// The segments of the page: which one is current, how to get to others, and how one is brought up to date.

import { elements } from "./page.js";

const main = document.getElementById("main");
export const rows = [...main.querySelectorAll(".row")];
const places = new Map(rows.map((row, index) => [row, index]));
const ids = new Map();
for (const row of rows) ids.set(row.dataset.id, [...(ids.get(row.dataset.id) ?? []), row]);
let now = null;

export const current = () => now;
/** All places of a segment: a text that the article repeats is one entry. */
export const placesOf = (id) => ids.get(id) ?? [];
export const byId = (id) => placesOf(id)[0];
export const english = (row) => row.querySelector(".target").dataset.english;
export const isApproved = (row) => row.dataset.state === "approved";
const isShown = (row) => !row.hidden;

function tabbable(row, index) {
  row.tabIndex = index;
  for (const mark of row.querySelectorAll("mark")) mark.tabIndex = index;
}

/** Make a row the current one and give it the focus. */
export function choose(row, { focus = true } = {}) {
  if (!row) return;
  if (row !== now) {
    if (now) {
      now.classList.remove("now");
      now.removeAttribute("aria-current");
      tabbable(now, -1);
    }
    now = row;
    row.classList.add("now");
    row.setAttribute("aria-current", "true");
    tabbable(row, 0);
    main.dispatchEvent(new CustomEvent("row", { detail: row }));
  }
  if (focus) row.focus({ preventScroll: true });
  bring(row);
}

/** Scroll a row into view; again after it was laid out, since the heights of far ones are only estimates. */
export function bring(row) {
  row.scrollIntoView({ block: "nearest" });
  requestAnimationFrame(() => row.scrollIntoView({ block: "nearest" }));
}

/** The next row that fits, in reading order, from the current one; with `around` it goes on at the other end. */
export function find(fits, { step = 1, around = false, from = now } = {}) {
  const start = from ? places.get(from) : -1;
  for (let at = start + step; at >= 0 && at < rows.length; at += step) {
    if (isShown(rows[at]) && fits(rows[at])) return rows[at];
  }
  if (around && from) return find(fits, { from: null });
  return null;
}

export const first = () => rows.find(isShown);
export const last = () => rows.findLast(isShown);

/** Bring a segment up to date with the server's HTML for it, in place: it keeps its focus and its editor. */
export function patch(html) {
  const fresh = elements(html).querySelector(".row");
  const found = fresh ? placesOf(fresh.dataset.id) : [];
  for (const row of found) renew(row, fresh);
  return found[0] ?? null;
}

function renew(row, fresh) {
  const badge = row.querySelector(".badge");
  const area = row.querySelector("textarea");
  if (area && area.value === english(row)) area.value = english(fresh);
  row.setAttribute("aria-label", fresh.getAttribute("aria-label"));
  Object.assign(row.dataset, fresh.dataset);
  row.querySelector(".target").dataset.english = english(fresh);
  for (const part of [".about", ".source", ".shown", ".findings"]) {
    const [old, replacement] = [row.querySelector(part), fresh.querySelector(part).cloneNode(true)];
    if (part === ".shown") replacement.hidden = old.hidden;
    old.replaceWith(replacement);
  }
  row.querySelector(".badge").replaceWith(badge);
  if (row === now) tabbable(row, 0);
  main.dispatchEvent(new CustomEvent("patched", { detail: row }));
}

/** Write what is to be known of a row beside it, under a reason of its own; empty text takes it away. */
export function badge(row, reason, text) {
  const place = row.querySelector(".badge");
  if (text) place.dataset[reason] = text;
  else delete place.dataset[reason];
  place.textContent = Object.values(place.dataset).join(", ");
}
