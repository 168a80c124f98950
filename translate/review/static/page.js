// What all pages share: talking to the server, and telling the person what happened.

const meta = document.querySelector('meta[name="csrf"]');
const status = document.getElementById("status");

/** The server did not answer: it is down, or the connection is. */
export class Unreachable extends Error {}

async function reach(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("No connection to the server.");
  }
}

function post(path, body, options) {
  const headers = { "content-type": "application/json", "x-csrf-token": meta.content };
  return reach(path, { method: "POST", headers, body: JSON.stringify(body), ...options });
}

let renewal = null;

/** Take a new session, one for all who ask meanwhile: a second one would make the first one's token worthless. */
function renewed() {
  renewal ??= reach("/session")
    .then(async (fresh) => {
      if (fresh.ok) meta.content = (await fresh.json()).csrf;
    })
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

/** Send a change or a question; the answer's JSON, or an Error with the server's own words. */
export async function call(path, body, options = {}) {
  let answer = await post(path, body, options);
  // The server was started again and knows this session no more: take a new one and ask again, a few times, since
  // the answer to another request of this page may bring yet another session in between.
  for (let tries = 0; tries < 3 && answer.headers.get("x-refused") === "session"; tries += 1) {
    await renewed();
    answer = await post(path, body, options);
  }
  if (!answer.ok) throw new Error((await answer.text()).trim() || `The server answered ${answer.status}.`);
  return answer.json();
}

/** Fetch a piece of HTML that the server has escaped. */
export async function piece(path, signal) {
  const answer = await reach(path, { signal });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.text();
}

/** Show a message in the status line, which screen readers read out. */
export function say(text, bad = false) {
  status.textContent = text;
  status.classList.toggle("bad", bad);
}

/** Make elements from HTML that the server has escaped. */
export function elements(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Run a function once nothing has called for it for a while. */
export function later(milliseconds, action) {
  let timer = 0;
  const call = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds, ...values);
  };
  call.stop = () => clearTimeout(timer);
  return call;
}
