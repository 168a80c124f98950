// Keeps the page as the file is: what Poedit, git or another browser changed, and who else is editing which segment.

import { Unreachable, call, elements, say } from "./page.js";
import { badge, patch, placesOf, rows } from "./rows.js";

const main = document.getElementById("main");
const page = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
const [SOON, SELDOM] = [2500, 15000];
let [stamp, lost, timer] = [main.dataset.stamp, false, 0];

/** Bring the page up to the file; not if a change of our own was made meanwhile, which would look like somebody else's. */
async function compare(changes) {
  const before = changes();
  const versions = Object.fromEntries(rows.map((row) => [row.dataset.id, row.dataset.version]));
  const answer = await call(`/article/${main.dataset.key}/compare`, { versions });
  if (changes() !== before) return;
  stamp = answer.stamp;
  progress(answer.progress);
  answer.rows.map(patch);
  if (answer.other) say("The article itself was changed: reload the page to see it. What you typed is kept.", true);
  else if (answer.rows.length) say(`${answer.rows.length === 1 ? "1 segment was" : `${answer.rows.length} segments were`} changed by somebody else, and updated here.`);
}

let told = {};

function elsewhere(others) {
  for (const id of new Set([...Object.keys(told), ...Object.keys(others)])) {
    if (told[id] !== others[id]) for (const row of placesOf(id)) badge(row, "other", others[id] ?? "");
  }
  told = others;
}

export function progress(html) {
  document.getElementById("progress").replaceChildren(elements(html));
}

/**
 * Start asking the server every few seconds.
 *
 * @param editing the id of the segment in the editor, or ""
 * @param idle whether no change of our own is on its way
 * @param changes how many changes of our own there were so far
 * @param back called when the connection is there again
 */
export function start(editing, idle, changes, back) {
  async function tick() {
    try {
      const answer = await call(`/article/${main.dataset.key}/sync`, { page, editing: editing() });
      if (lost) {
        lost = false;
        say("Connected again.");
        await back();
      }
      elsewhere(answer.others);
      if (answer.stamp !== stamp && idle()) await compare(changes);
    } catch (error) {
      failed(error);
    }
    timer = setTimeout(tick, document.hidden ? SELDOM : SOON);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    clearTimeout(timer);
    tick();
  });
  addEventListener("pagehide", () => {
    call(`/article/${main.dataset.key}/sync`, { page, editing: "" }, { keepalive: true }).catch(() => {});
  });
  timer = setTimeout(tick, SOON);
}

/** Tell that something could not be sent. */
export function failed(error) {
  if (!(error instanceof Unreachable)) {
    say(error.message, true);
  } else if (!lost) {
    lost = true;
    say("No connection to the server. What you type is kept in this browser and sent when it is back.", true);
  }
}
