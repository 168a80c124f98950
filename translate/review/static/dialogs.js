// Questions that need an answer: a waiver's reason, a new term, which text of a conflict stays.

import { call, element, elements, later } from "./page.js";

const key = document.getElementById("main").dataset.key;
const field = (id) => document.getElementById(id);

/** Open a dialog; the value of the button that closed it, empty for Escape and Cancel. */
function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close(""));

/** Submit a dialog's form by way of the server: it closes when the server agrees, else it says why not. */
function submits(dialog, error, send) {
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      const why = await send();
      if (why) error.textContent = why;
      else dialog.close("yes");
    } catch (problem) {
      error.textContent = problem.message;
    }
  });
}

let waiver = null;
submits(field("waive"), field("waive-error"), () => waiver(field("waive-subject").value, field("waive-reason").value));

/** Ask what of a row to waive and why; `send(subject, reason)` tells why it could not be done, or nothing. */
export function askWaiver(subjects, send) {
  field("waive-subject").replaceChildren(...subjects.map(([value, label]) => element("option", { value, textContent: label })));
  field("waive-reason").value = field("waive-error").textContent = "";
  waiver = send;
  return ask(field("waive"));
}

let added = null;
let create = false;
const values = () => Object.fromEntries(["source", "target", "kind", "mode", "note"].map((name) => [name, field(`term-${name}`).value]));
submits(field("term-new"), field("term-error"), async () => {
  const answer = await call(`/article/${key}/term`, { ...values(), create });
  if (answer.outcome === "refused") {
    create = Boolean(answer.offer);
    return answer.offer ? `${answer.why} Press Add once more to make ${answer.offer}.` : answer.why;
  }
  added = answer;
  return "";
});

const touchedSoon = later(250, async () => {
  const place = field("touched");
  if (!values().source.trim()) {
    place.replaceChildren();
    return;
  }
  try {
    place.replaceChildren(elements((await call(`/article/${key}/touched`, values())).html));
  } catch (problem) {
    place.textContent = problem.message;
  }
});
for (const name of ["source", "target", "mode"]) field(`term-${name}`).addEventListener("input", touchedSoon);

/** Ask for a new term; the server's answer once it stands in the glossary, or null. */
export async function askTerm(source, target, context) {
  field("term-source").value = source;
  field("term-target").value = target;
  field("term-context").textContent = context;
  field("term-note").value = field("term-error").textContent = "";
  field("touched").replaceChildren();
  added = null;
  create = false;
  touchedSoon();
  await ask(field("term-new"));
  return added;
}

/** Show both texts of a conflict; `theirs`, `mine` or `edit`. Escape goes on editing: nothing is decided by accident. */
export async function askConflict(source, theirs, mine) {
  field("conflict-source").textContent = source;
  field("conflict-theirs").replaceChildren(elements(theirs));
  field("conflict-mine").replaceChildren(elements(mine));
  return (await ask(field("conflict"))) || "edit";
}
