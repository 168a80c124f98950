// Text that was typed and is not in the file yet: it outlives a reload, a crash and a lost connection.

const main = document.getElementById("main");
const prefix = `yakubun:${main.dataset.key}:`;
const name = (id) => prefix + id;

/** The segments of this article that have drafts. */
export function drafted() {
  try {
    return Object.keys(localStorage).filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  } catch {
    return [];
  }
}

/** The draft of a segment, {text, version}, or null. */
export function draft(id) {
  try {
    return JSON.parse(localStorage.getItem(name(id)));
  } catch {
    return null; // storage that is switched off, or somebody else's value
  }
}

/** Keep a draft with the version of the segment that it was typed over. False if the browser has no room for it. */
export function keep(id, text, version) {
  try {
    localStorage.setItem(name(id), JSON.stringify({ text, version }));
    return true;
  } catch {
    return false;
  }
}

export function drop(id) {
  try {
    localStorage.removeItem(name(id));
  } catch {
    // nothing was kept there either
  }
}
