// The one text field of the page: it takes the place of the English of the segment that is being edited.

import { draft, drop, keep } from "./drafts.js";
import { call, element, elements, later, say } from "./page.js";
import { badge, bring, choose, english } from "./rows.js";

const grows = CSS.supports("field-sizing", "content");
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const key = document.getElementById("main").dataset.key;
let row = null;
let area = null;
let asking = null;

export const editing = () => row;
/** What stands in a row, or would: the editor's text, else a draft, else the file's. */
export const text = (of) => (of === row ? area.value : draft(of.dataset.id)?.text ?? english(of));
/** The version that a row's text was typed over. */
export const base = (of) => draft(of.dataset.id)?.version ?? of.dataset.version;

function grow() {
  if (grows) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

function store() {
  if (!row) return;
  const id = row.dataset.id;
  if (area.value === english(row)) drop(id);
  else if (!keep(id, area.value, base(row))) say("This browser keeps no drafts: save often.", true);
  mark(row);
}

/** Show beside a row whether it has text that is not in the file. */
export function mark(of) {
  badge(of, "draft", draft(of.dataset.id) ? "not saved" : "");
}

const keepSoon = later(150, store);
const checkSoon = later(250, check);

async function check() {
  if (!row) return;
  asking?.abort();
  asking = new AbortController();
  const asked = row;
  try {
    const body = { id: row.dataset.id, english: area.value };
    const answer = await call(`/article/${key}/check`, body, { signal: asking.signal });
    if (row === asked) show(answer);
  } catch {
    // only a preview of what saving tells again
  }
}

function show(answer) {
  const list = row.querySelector(".findings");
  list.replaceChildren(elements(answer.findings));
  list.hidden = !list.children.length;
  for (const one of row.querySelectorAll(".source mark")) one.className = answer.fates[one.dataset.use] ?? "";
}

function hiddenCharacters() {
  const found = [...new Set(area.value.match(HIDDEN) ?? [])].filter((one) => one !== "\r");
  if (!found.length) return;
  const names = found.map((one) => `U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  const button = element("button", { type: "button", textContent: "Remove them" });
  const notice = element("div", { className: "hidden-characters", lang: "en" }, `Characters that nobody sees: ${names.join(", ")} `, button);
  button.addEventListener("click", () => {
    put(area.value.replace(HIDDEN, ""));
    notice.remove();
  });
  area.after(notice);
}

/** Open the editor on a row. */
export function edit(of) {
  if (row === of) {
    area.focus();
    return;
  }
  close();
  choose(of, { focus: false });
  const shown = of.querySelector(".shown");
  area = element("textarea", { value: text(of), rows: 1, lang: "en", spellcheck: true, maxLength: 20000 });
  area.setAttribute("aria-label", `English of segment ${of.dataset.number}`);
  area.addEventListener("input", () => {
    grow();
    keepSoon();
    checkSoon();
  });
  row = of;
  shown.before(area);
  shown.hidden = true;
  grow();
  hiddenCharacters();
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
  bring(row);
  if (draft(row.dataset.id)) checkSoon();
}

/** Replace the editor's text, in a way that the browser's own undo takes back. */
export function put(value) {
  area.focus();
  area.select();
  if (!document.execCommand("insertText", false, value)) area.setRangeText(value, 0, area.value.length, "end");
  area.dispatchEvent(new Event("input"));
}

/** Put the English of the first term that the text lacks in at the cursor; false if it lacks none. */
export function place() {
  const held = area.value.toLowerCase();
  const missing = [...row.querySelectorAll(".source mark.missing")].map((mark) => mark.dataset.target);
  const target = missing.find((one) => one && !held.includes(one.toLowerCase()));
  if (target) document.execCommand("insertText", false, target);
  return Boolean(target);
}

/** Close the editor; the row whose text differs from the file's, or null. */
export function close() {
  if (!row) return null;
  store();
  keepSoon.stop();
  checkSoon.stop();
  asking?.abort();
  const [of, had] = [row, area.value];
  const focused = document.activeElement === area;
  row = null;
  area.remove();
  of.querySelector(".hidden-characters")?.remove();
  of.querySelector(".shown").hidden = false;
  area = null;
  if (focused) of.focus({ preventScroll: true });
  return had === english(of) ? null : of;
}

addEventListener("pagehide", store);
document.addEventListener("visibilitychange", store);
