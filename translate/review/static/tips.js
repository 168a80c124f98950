// What the glossary says of a marked term, while the pointer or the focus is on it. Escape takes it away.

const tip = document.getElementById("tip");
let shown = null;
let leaving = 0;

function show(mark) {
  clearTimeout(leaving);
  if (shown === mark) return;
  hide();
  shown = mark;
  tip.textContent = mark.dataset.tip;
  tip.hidden = false;
  mark.setAttribute("aria-describedby", "tip");
  const [box, own] = [mark.getClientRects()[0], tip.getBoundingClientRect()];
  const below = box.bottom + 6 + own.height < innerHeight;
  tip.style.top = `${below ? box.bottom + 6 : Math.max(4, box.top - own.height - 6)}px`;
  tip.style.left = `${Math.max(4, Math.min(box.left, innerWidth - own.width - 8))}px`;
}

/** Hide the tip; whether there was one. */
export function hide() {
  if (!shown) return false;
  shown.removeAttribute("aria-describedby");
  shown = null;
  tip.hidden = true;
  return true;
}

const marked = (node) => (node instanceof Element ? node.closest("mark[data-tip]") : null);
// The pointer may go on to the tip itself, so that it can be read and copied.
const leave = () => {
  leaving = setTimeout(hide, 200);
};

addEventListener("pointerover", (event) => {
  const mark = marked(event.target);
  if (mark) show(mark);
  else if (event.target === tip) clearTimeout(leaving);
  else if (shown && shown !== document.activeElement) leave();
});
addEventListener("focusin", (event) => (marked(event.target) ? show(event.target) : hide()));
addEventListener("scroll", hide, { passive: true, capture: true });
