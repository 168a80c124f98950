// Which segments are shown: by state, finding, term, and words in either text.

import { later, say } from "./page.js";
import { choose, current, english, first, rows } from "./rows.js";

const [search, state, finding, term] = ["search", "state", "finding", "term"].map((id) => document.getElementById(id));
const none = document.getElementById("none");
const fold = (text) => text.normalize("NFKC").toLowerCase();
const texts = new Map();
const ROW = 112;

function words(row) {
  const now = row.dataset.version;
  const known = texts.get(row);
  if (known?.version === now) return known.text;
  const text = fold(`${row.querySelector(".source").textContent}\n${english(row)}`);
  texts.set(row, { version: now, text });
  return text;
}

function fits(row) {
  const { state: is, checks, errors } = row.dataset;
  if (state.value && !(state.value === is || (state.value === "unapproved" && is !== "approved"))) return false;
  if (finding.value === "error" ? errors === "0" : finding.value === "*" ? !checks : finding.value && !checks.split(" ").includes(finding.value)) return false;
  if (term.value && ![...row.querySelectorAll(".source mark")].some((mark) => mark.dataset.term === term.value)) return false;
  const wanted = fold(search.value.trim());
  return !wanted || words(row).includes(wanted);
}

function apply() {
  let shown = 0;
  for (const row of rows) {
    row.hidden = !fits(row);
    shown += !row.hidden;
  }
  for (const group of document.querySelectorAll(".group")) {
    const left = group.querySelectorAll(".row:not([hidden])").length;
    group.hidden = !left;
    group.style.containIntrinsicBlockSize = isOn() ? `${left * ROW}px` : ""; // a guess, until it comes near
  }
  for (const part of document.querySelectorAll(".part")) part.hidden = !part.querySelector(".row:not([hidden])");
  none.hidden = shown > 0;
  search.form.classList.toggle("filtered", isOn());
  say(isOn() ? `${shown} of ${rows.length} segments shown.` : "All segments shown.");
  if (current()?.hidden) choose(first(), { focus: false });
}

export const isOn = () => Boolean(search.value || state.value || finding.value || term.value);

export function clear() {
  for (const field of [search, state, finding, term]) field.value = "";
  apply();
}

/** Show a row that the filter hides. */
export function reveal(row) {
  if (row.hidden) clear();
}

export const focusSearch = () => {
  search.focus();
  search.select();
};

const applySoon = later(120, apply);
search.addEventListener("input", applySoon);
for (const field of [state, finding, term]) field.addEventListener("change", apply);
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  apply();
  choose(first());
});
if (isOn()) apply(); // a browser that goes back fills the fields again
