// Keys. Letters work only while a segment has the focus and can be switched off; the others work while typing, too.

const switchId = "yakubun:letters";
const help = document.getElementById("help");
const letters = document.getElementById("letters");

/** [key on a segment, key while typing, what it does, action]; a key as in KeyboardEvent.key. */
const KEYS = [
  ["a", "Ctrl+Enter", "approve, and go to the next open segment", "approve"],
  ["Enter", "", "edit the English", "edit"],
  ["", "Escape", "leave the text field; the text is saved, not approved", "leave"],
  ["", "Ctrl+s", "save without approving, and go on typing", "save"],
  ["n", "", "next open segment", "next"],
  ["j", "Alt+ArrowDown", "next segment", "down"],
  ["k", "Alt+ArrowUp", "previous segment", "up"],
  ["Home", "", "first segment", "first"],
  ["End", "", "last segment", "last"],
  ["1", "Ctrl+Shift+1", "take suggestion 1 of the memory (2, 3, … likewise)", "insert"],
  ["", "F2", "put the next missing term in at the cursor", "place"],
  ["r", "", "reject: back to untranslated", "reject"],
  ["o", "", "reopen: an approved text is open again", "unapprove"],
  ["u", "", "undo your last action in this article (also Ctrl+Z)", "undo"],
  ["w", "", "waive a finding or a term", "waive"],
  ["t", "", "add a glossary term, from the selected text if there is any", "term"],
  ["d", "", "to the details of the segment, and back", "details"],
  ["/", "", "search", "search"],
  ["f", "", "to the filters", "filter"],
  ["x", "", "show all segments again", "clear"],
  ["p", "", "preview and publish", "preview"],
  ["?", "", "this panel", "help"],
];
const ALSO = { ArrowDown: "down", ArrowUp: "up", "Ctrl+z": "undo", "Ctrl+Enter": "approve", "Alt+ArrowDown": "down", "Alt+ArrowUp": "up" };
const onSegment = new Map([...KEYS.map(([key, , , action]) => [key, action]), ...Object.entries(ALSO)]);
const whileTyping = new Map(KEYS.map(([, key, , action]) => [key, action]));
onSegment.delete("");
whileTyping.delete("");

function named(event) {
  const shift = event.shiftKey && (event.ctrlKey || event.metaKey) ? "Shift+" : "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift}${key}`;
}

/** The action of a keydown event, with its number for `insert`; undefined if it is not ours. */
export function action(event) {
  if (event.isComposing) return undefined; // an input method is at work
  const target = event.target;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (target.matches(".row textarea")) {
    if (digit && event.ctrlKey && event.shiftKey) return { name: "insert", number: Number(digit) };
    return whileTyping.has(named(event)) ? { name: whileTyping.get(named(event)) } : undefined;
  }
  const onRow = target.matches(".row, .row mark");
  if (!onRow) return target === document.body && event.key === "?" ? { name: "help" } : undefined;
  const key = named(event);
  if (key.length === 1 && !letters.checked) return undefined;
  if (/^[1-9]$/.test(key)) return { name: "insert", number: Number(key) };
  return onSegment.has(key) ? { name: onSegment.get(key) } : undefined;
}

const caption = (key) => key.replace("ArrowDown", "↓").replace("ArrowUp", "↑").replace(/^[a-z]$/, (one) => one.toUpperCase()).replace(/\+([a-z])$/, (_, one) => `+${one.toUpperCase()}`);

export function setUp() {
  letters.checked = localStorage.getItem(switchId) !== "off";
  letters.addEventListener("change", () => localStorage.setItem(switchId, letters.checked ? "on" : "off"));
  const body = document.getElementById("keys");
  for (const [key, typing, what] of KEYS) {
    const row = body.insertRow();
    for (const one of [key, typing]) {
      const cell = row.insertCell();
      if (one) cell.append(Object.assign(document.createElement("kbd"), { textContent: caption(one) }));
    }
    row.insertCell().textContent = what;
  }
}

export const showHelp = () => help.showModal();
