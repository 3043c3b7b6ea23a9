// The board stays true while it is open: nothing jumps, nothing that was open closes, what is new is said once.
const board = document.getElementById("board");

const rowsOf = (root) => [...root.querySelectorAll("[data-row]")];
const named = (root, name) => root.querySelector(`[data-row="${CSS.escape(name)}"]`);

// What must not move: the row under the pointer, else the one with the focus, else the first that is seen.
function anchor() {
  const hovered = rowsOf(board).filter((row) => row.matches(":hover")).pop();
  const focused = document.activeElement?.closest?.("[data-row]");
  const row = hovered || focused || rowsOf(board).find((each) => each.getBoundingClientRect().bottom > 0);
  return row ? { name: row.dataset.row, top: row.getBoundingClientRect().top } : null;
}

const stops = (row) => [...row.querySelectorAll("a, button, input, summary, [tabindex='0']")];

function placeOfFocus() {
  const at = document.activeElement;
  if (!board.contains(at)) return null;
  const row = at.closest("[data-row]");
  return { id: at.id, row: row?.dataset.row, href: at.getAttribute("href"), among: row ? stops(row).indexOf(at) : 0 };
}

// The same link; else what stands in its place in the same row: what was done is no longer offered.
function focusAgain(place) {
  const row = place.row && named(board, place.row);
  const same = place.href && [...board.querySelectorAll("a")].find((link) => link.getAttribute("href") === place.href);
  const near = row && (stops(row)[place.among] || stops(row)[0]);
  const at = (place.id && document.getElementById(place.id)) || same || near || board.querySelector("h1");
  if (at.matches("h1")) at.tabIndex = -1;
  at.focus({ preventScroll: true });
}

const news = (root) => new Map([...root.querySelectorAll("[data-news]")].map((row) => [row.dataset.row, row.dataset.news]));

function tellOf(fresh) {
  const before = news(board);
  const words = [...news(fresh)].filter(([row, said]) => before.get(row) !== said).map(([, said]) => said);
  if (!words.length) return;
  const lead = interpolate(ngettext("%s new on the board:", "%s new on the board:", words.length), [words.length]);
  document.dispatchEvent(new CustomEvent("tell", { detail: `${lead} ${words.slice(0, 3).join("; ")}` }));
}

let asked = 0;
async function refresh() {
  const turn = ++asked;
  const answer = await fetch(location.pathname + location.search, { headers: { "HX-Request": "true" } });
  if (!answer.ok || turn !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
  if (!fresh) return;
  tellOf(fresh);
  const held = anchor();
  const focus = placeOfFocus();
  for (const details of board.querySelectorAll("[data-row] details")) {
    const same = named(fresh, details.closest("[data-row]").dataset.row)?.querySelector("details");
    if (same) same.open = details.open;
  }
  const sideways = board.querySelector(".scroll")?.scrollLeft ?? 0;
  board.replaceChildren(...fresh.childNodes);
  const table = board.querySelector(".scroll");
  if (table) table.scrollLeft = sideways;
  const row = held && named(board, held.name);
  if (row) scrollBy({ top: row.getBoundingClientRect().top - held.top, behavior: "instant" });
  if (focus) focusAgain(focus);
  document.dispatchEvent(new Event("htmx:afterSettle"));
}

// Many things may happen at once: they are shown together, soon, but the board is not asked for all the time.
const SOON = 250;
const REST = 3000;
let last = 0;
let waiting = null;
function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    last = Date.now();
    refresh();
  }, Math.max(SOON, last + REST - Date.now()));
}

for (const name of ["live:ticket", "live:notice", "live:ask"]) document.addEventListener(name, soon);
document.addEventListener("done", refresh);
