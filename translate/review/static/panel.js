// Details of the current segment: terms, memory, notes, history. Fetched when one stays on it, never in the way of keys.

import { elements, later, piece } from "./page.js";
import { current } from "./rows.js";

const main = document.getElementById("main");
const panel = document.getElementById("panel");
const side = document.getElementById("side");
let asking = null;

async function load(row) {
  asking?.abort();
  asking = new AbortController();
  const path = `/article/${main.dataset.key}/segment/${row.dataset.id}`;
  try {
    panel.replaceChildren(elements(await piece(path, asking.signal)));
    panel.scrollTop = 0;
    document.getElementById("history")?.replaceChildren(elements(await piece(`${path}/history`, asking.signal)));
  } catch (error) {
    if (error.name !== "AbortError") panel.replaceChildren(error.message);
  }
}

const loadSoon = later(120, load);

/** Load the details of a row again if it is the current one. */
export const renew = (row) => row === current() && loadSoon(row);

/** The memory's suggestion of a number, or undefined. */
export const suggestion = (number) => panel.querySelectorAll(".insert")[number - 1]?.dataset.insert;

/** Show or hide the details where there is no room for them all the time. */
export function toggle(open = !side.classList.contains("open")) {
  side.classList.toggle("open", open);
  side.querySelector(".more").setAttribute("aria-expanded", String(open));
}

main.addEventListener("row", (event) => loadSoon(event.detail));
main.addEventListener("patched", (event) => renew(event.detail));
