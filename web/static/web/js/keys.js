// The keyboard: single letters, unless they are switched off; never while somebody types.
const OFF = "keys.off";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("#rows .row")];

function move(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement.closest?.(".row"));
  const current = at >= 0 ? at : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(current + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const go = { d: "desk", b: "board", f: "flows" };
const keys = {
  j: () => move(1),
  k: () => move(-1),
  r: () => document.dispatchEvent(new Event("desk:apply")),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => document.dispatchEvent(new Event("keys:help")),
};

let prefix = null;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (typing(event.target)) event.target.blur();
    else if (!document.querySelector("dialog[open]")) document.dispatchEvent(new Event("desk:back"));
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]") || localStorage.getItem(OFF)) return;
  if (prefix === "g") {
    prefix = null;
    const place = document.querySelector(`.places a[data-go="${go[event.key]}"]`);
    if (place) {
      event.preventDefault();
      location.assign(place.href);
    }
    return;
  }
  if (event.key === "g") {
    prefix = "g";
    setTimeout(() => { prefix = null; }, 1500);
    return;
  }
  const act = keys[event.key];
  const marked = act ? null : document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(.row)`);
  if (act || marked) {
    event.preventDefault();
    if (act) act();
    else marked.click();
  }
});

export const areOff = () => Boolean(localStorage.getItem(OFF));
export const switchOff = (off) => (off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF));
