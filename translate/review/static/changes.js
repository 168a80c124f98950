// Changes on their way to the file: one after the other, each settled by what the server says, none lost on the way.

import { askConflict } from "./dialogs.js";
import { draft, drop, keep } from "./drafts.js";
import { base, close, edit, editing, mark, text } from "./editor.js";
import { Unreachable, call, say } from "./page.js";
import { badge, choose, english, patch } from "./rows.js";
import { failed, progress } from "./sync.js";

const main = document.getElementById("main");
const waiting = new Map(); // segment → the change that could not be sent
let queue = Promise.resolve();
let inFlight = 0;
let changes = 0;

/** Count a change of our own while it is on its way: what comes back with it is nobody else's doing. */
export async function counted(change) {
  inFlight += 1;
  changes += 1;
  try {
    return await change();
  } finally {
    inFlight -= 1;
  }
}

/** Send changes one after the other, so that each is made on what the one before left; whether it was done. */
export function send(row, name, body, said) {
  badge(row, "saving", "saving…");
  const before = queue;
  queue = counted(async () => {
    await before;
    const id = row.dataset.id;
    try {
      const version = body.version ?? row.dataset.version;
      const answer = await call(`/article/${main.dataset.key}/${name}`, { ...body, id, version });
      waiting.delete(id);
      await settle(row, name, body, answer, said);
      return answer.outcome === "saved";
    } catch (error) {
      if (error instanceof Unreachable) waiting.set(id, () => send(row, name, body, said));
      failed(error);
      return false;
    } finally {
      badge(row, "saving", waiting.has(id) ? "not sent yet" : "");
      mark(row);
    }
  });
  return queue;
}

export async function settle(row, name, body, answer, said) {
  if (answer.row) patch(answer.row);
  (answer.also ?? []).map(patch);
  if (answer.progress) progress(answer.progress);
  if (answer.outcome === "saved") {
    if ("english" in body && draft(row.dataset.id)?.text === body.english) drop(row.dataset.id);
    if (name !== "save" && name !== "waive") drop(row.dataset.id);
    say(answer.note || said);
  } else if (answer.outcome === "refused") {
    if (answer.kept) drop(row.dataset.id);
    choose(row, { focus: !editing() });
    say(`Segment ${row.dataset.number}: ${answer.why}`, true);
  } else {
    await decide(row, body, answer);
  }
}

async function decide(row, body, answer) {
  keep(row.dataset.id, answer.mine, answer.version);
  close();
  const source = row.querySelector(".source").textContent;
  const choice = await askConflict(source, answer.theirs_html, answer.mine_html);
  if (choice === "theirs") {
    drop(row.dataset.id);
    say(`Segment ${row.dataset.number} keeps the file’s text.`);
    choose(row);
  } else if (choice === "mine") {
    choose(row);
    send(row, "save", { ...body, english: answer.mine, version: answer.version }, `Segment ${row.dataset.number}: your text is saved.`);
  } else {
    say("Your text is in the editor; saving it replaces the file’s.");
    edit(row);
  }
}

/** Write what was typed into the file, not approved; nothing if it is there already. */
export function save(row) {
  const written = text(row);
  if (written === english(row)) return undefined;
  if (!written.trim()) return send(row, "reject", { version: base(row) }, `Segment ${row.dataset.number} is untranslated again. U undoes it.`);
  return send(row, "save", { english: written, approve: false, version: base(row) }, `Segment ${row.dataset.number} saved, not approved.`);
}

/** Whether no change of ours is on its way. */
export const idle = () => inFlight === 0;
/** How many changes of ours there were so far. */
export const made = () => changes;
/** Whether some change is not in the file yet. */
export const isUnsent = () => waiting.size > 0 || inFlight > 0;
/** Settled when every change so far is. */
export const settled = () => queue;

/** Send what could not be sent before. */
export async function again() {
  for (const change of [...waiting.values()]) change();
  await queue;
}
