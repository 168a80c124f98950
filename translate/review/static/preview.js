// The preview: publishing the article, or being told why not.

import { call, element, say } from "./page.js";

const key = document.getElementById("main").dataset.key;
const button = document.getElementById("publish");
const status = document.getElementById("status");

button?.addEventListener("click", async () => {
  button.setAttribute("aria-disabled", "true");
  try {
    const fuzzy = document.getElementById("fuzzy")?.value ?? "fail";
    const answer = await call(`/article/${key}/publish`, { fuzzy });
    if (answer.outcome === "saved") {
      say(`Published: ${answer.path}${answer.untranslated ? ` (${answer.untranslated} segments in Japanese)` : ""}`);
    } else {
      say(answer.why, true);
      const first = answer.unapproved[0];
      if (first) status.append(" ", element("a", { href: `/article/${key}#s-${first}`, textContent: "Go to the first one" }));
    }
  } catch (error) {
    say(error.message, true);
  }
  button.removeAttribute("aria-disabled");
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape") location.href = `/article/${key}`;
});
