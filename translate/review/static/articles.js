// The list of articles: search and filter.

import { later, say } from "./page.js";

const [search, show] = ["search", "show"].map((id) => document.getElementById(id));
const lines = [...document.querySelectorAll(".articles tbody tr")];
const fold = (text) => text.normalize("NFKC").toLowerCase();

function fits(line) {
  const { open, errors } = line.dataset;
  const shown = { "": true, open: open !== "0", done: open === "0", errors: errors !== "0" }[show.value];
  return shown && fold(line.textContent).includes(fold(search.value.trim()));
}

function apply() {
  for (const line of lines) line.hidden = !fits(line);
  const shown = lines.filter((line) => !line.hidden).length;
  say(shown === lines.length ? "" : `${shown} of ${lines.length} articles shown.`);
}

search.addEventListener("input", later(120, apply));
show.addEventListener("change", apply);
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  lines.find((line) => !line.hidden)?.querySelector("a")?.focus();
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select")) return;
  event.preventDefault();
  search.focus();
});
if (search.value || show.value) apply();
