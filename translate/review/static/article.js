// The review page: what each key and button does, and what becomes of it.

import { again, counted, idle, isUnsent, made, save, send, settle, settled } from "./changes.js";
import { askTerm, askWaiver } from "./dialogs.js";
import { draft, drafted, drop, keep } from "./drafts.js";
import { base, close, edit, editing, mark, place, put, text } from "./editor.js";
import { clear, focusSearch, reveal } from "./filters.js";
import { action, setUp, showHelp } from "./keys.js";
import { call, say } from "./page.js";
import { renew, suggestion, toggle } from "./panel.js";
import { byId, choose, current, english, find, first, isApproved, last, patch, rows } from "./rows.js";
import { failed, progress, start } from "./sync.js";
import { hide } from "./tips.js";

const main = document.getElementById("main");

/** Close the editor, save what was typed in it, and go to a row; in the editor again if one was open. */
function go(row, message = "") {
  if (!row) {
    say(message);
    return;
  }
  const typing = editing() !== null;
  putAway();
  choose(row);
  if (typing && !row.dataset.locked) edit(row);
}

const isOpen = (row) => !isApproved(row) && !row.dataset.locked;
const next = () => find(isOpen, { around: true });

async function approve() {
  const row = current();
  if (!row || isLocked(row)) return;
  const written = text(row);
  const number = row.dataset.number;
  if (!written.trim()) return say(`Segment ${number} has no English to approve.`, true);
  if (isApproved(row) && written === english(row)) return go(next(), "All segments that are shown are approved.");
  const changed = written !== english(row);
  const body = { english: written, approve: true, version: base(row) };
  const left = find((one) => isOpen(one) && one.dataset.id !== row.dataset.id, { around: true });
  const said = left ? `Segment ${number} approved.` : `Segment ${number} approved. All segments that are shown are approved.`;
  // A text that was checked as it stands will pass, so nobody has to wait; another one may be refused.
  if (!changed && row.dataset.errors === "0" && left) {
    send(row, "save", body, said);
    return go(left);
  }
  if (changed) keep(row.dataset.id, written, base(row)); // until it is in the file
  const done = await send(row, "save", body, said);
  if (done && current() === row && text(row) === english(row)) {
    if (left) go(left);
    else leave();
  }
}

function isLocked(row) {
  if (row.dataset.locked) say(row.dataset.locked, true);
  return Boolean(row.dataset.locked);
}

function leave() {
  putAway();
  choose(current());
}

/** Close the editor and save what was typed in it. */
function putAway() {
  const changed = close();
  if (changed) save(changed);
}

function onCurrent(name, said) {
  const row = current();
  if (!row || isLocked(row)) return;
  close();
  send(row, name, {}, `Segment ${row.dataset.number} ${said}`);
  row.focus({ preventScroll: true });
}

async function undo() {
  await settled();
  const answer = await counted(() => call(`/article/${main.dataset.key}/undo`, {}));
  if (answer.progress) progress(answer.progress);
  const row = answer.row ? patch(answer.row) : null;
  if (row) {
    drop(row.dataset.id);
    mark(row);
    reveal(row);
    close();
    choose(row);
  }
  say(answer.outcome === "saved" ? `Undone: segment ${row.dataset.number} is as it was.` : answer.why, answer.outcome !== "saved");
}

async function waive() {
  const row = current();
  if (!row || isLocked(row)) return;
  const checks = [...row.querySelectorAll(".findings [data-check]")].map((one) => one.dataset.check);
  const terms = [...row.querySelectorAll(".source mark")].map((one) => one.dataset.term);
  const subjects = [...[...new Set(terms)].map((one) => [one, `term: ${one}`]), ...[...new Set(checks)].map((one) => [one, `check: ${one}`])];
  if (!subjects.length) return say(`Segment ${row.dataset.number} has no finding and no term to waive.`, true);
  const missing = row.querySelector(".source mark.missing")?.dataset.term;
  subjects.sort(([one], [other]) => (other === missing) - (one === missing));
  const left = leftEditor();
  await askWaiver(subjects, async (subject, reason) => {
    const body = { id: row.dataset.id, version: row.dataset.version, subject, reason };
    const answer = await counted(() => call(`/article/${main.dataset.key}/waive`, body));
    if (answer.outcome !== "saved") return answer.why ?? "Somebody else changed this segment meanwhile.";
    await settle(row, "waive", {}, answer, `Waived: ${subject}.`);
    return "";
  });
  back(row, left);
}

/** Close the editor for a dialog, keeping its text as a draft; whether it was open. */
function leftEditor() {
  const typing = editing() !== null;
  if (typing) close();
  return typing;
}

function back(row, wasEditing) {
  if (wasEditing) edit(row);
  else choose(row);
}

async function term() {
  const row = current();
  if (!row) return;
  const selection = getSelection();
  const [anchor, picked] = [selection.anchorNode?.parentElement, selection.toString().trim()];
  const area = row.querySelector("textarea");
  const target = area ? area.value.slice(area.selectionStart, area.selectionEnd) : anchor?.closest(".shown") ? picked : "";
  const source = anchor?.closest(".source") ? picked : "";
  const left = leftEditor();
  const answer = await askTerm(source, target, row.querySelector(".source").textContent);
  back(row, left);
  if (!answer) return;
  answer.rows.map(patch);
  say(answer.said);
}

function insert(number, english = suggestion(number)) {
  const row = current();
  if (!row || isLocked(row)) return;
  if (english === undefined) return say(`The memory has no suggestion ${number} for this segment.`, true);
  edit(row);
  put(english);
  say("Suggestion taken into the editor.");
}

/** Open the editor on the current row, and say how one gets out of it. */
function open() {
  const row = current();
  if (!row || isLocked(row)) return;
  if (!editing()) say("Ctrl+Enter approves and goes on; Escape saves and leaves the field.");
  edit(row);
}

const ACTIONS = {
  approve,
  clear: () => { clear(); choose(current()); },
  details: () => { toggle(true); document.getElementById("panel").focus(); },
  down: () => go(find(() => true), "This is the last segment."),
  edit: open,
  filter: () => document.getElementById("state").focus(),
  first: () => go(first()),
  help: showHelp,
  insert: ({ number }) => insert(number),
  last: () => go(last()),
  leave,
  next: () => go(next(), "All segments that are shown are approved."),
  panel: () => toggle(),
  place: () => place() || say("No term is missing in this segment."),
  preview: () => { leave(); settled().then(() => document.getElementById("preview").click()); },
  reject: () => onCurrent("reject", "is untranslated again. U undoes it."),
  save: () => save(current()) ?? say("Everything is saved."),
  search: focusSearch,
  term,
  unapprove: () => onCurrent("unapprove", "is open again."),
  undo,
  up: () => go(find(() => true, { step: -1 }), "This is the first segment."),
  waive,
};

async function perform(one) {
  try {
    await ACTIONS[one.name](one);
  } catch (error) {
    failed(error);
  }
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && hide()) return event.stopPropagation();
  if (event.key === "Escape" && document.activeElement.closest?.(".panel, .tools") && current()) return choose(current());
  const one = action(event);
  if (!one) return undefined;
  event.preventDefault();
  return perform(one);
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const button = target.closest("[data-do]");
  if (button) return perform({ name: button.dataset.do });
  const taken = target.closest("[data-insert]");
  if (taken) return insert(0, taken.dataset.insert);
  const row = target.closest(".row");
  if (!row || target.closest("textarea, button, a")) return undefined;
  if (String(getSelection()) && row !== editing()) {
    putAway();
    return choose(row, { focus: false }); // the selection may become a term
  }
  if (target.closest(".shown") && !row.dataset.locked) {
    if (editing() !== row) putAway();
    choose(row, { focus: false });
    return open();
  }
  return row === editing() ? undefined : go(row);
});

addEventListener("beforeunload", (event) => {
  if (isUnsent()) event.preventDefault();
});

main.addEventListener("row", (event) => {
  const row = event.detail;
  if (document.querySelector("#status.bad")) say(""); // it was about another segment
  document.querySelector('[data-do="unapprove"]').setAttribute("aria-disabled", String(!isApproved(row)));
});

setUp();
start(() => editing()?.dataset.id ?? "", idle, made, again);
let top = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--top"));
new ResizeObserver(([{ target }]) => {
  const height = getComputedStyle(target).position === "sticky" ? target.offsetHeight : 0;
  const root = document.documentElement.style;
  if (height !== top) root.setProperty("--top", `${(top = height)}px`); // costly: everything is styled again
}).observe(document.querySelector(".top"));

const kept = [];
for (const id of drafted()) {
  const row = byId(id);
  if (row && draft(id)?.text !== english(row)) kept.push(row);
  else if (row) drop(id);
  if (row) mark(row);
}
const wanted = byId(location.hash.replace(/^#s-/, "").replace(/\.\d+$/, ""));
choose(wanted ?? kept[0] ?? rows.find(isOpen) ?? rows[0]);
if (kept.length) say(`${kept.length === 1 ? "1 segment has" : `${kept.length} segments have`} text of yours that was not saved; it is in the editor when you open it.`);
renew(current());
