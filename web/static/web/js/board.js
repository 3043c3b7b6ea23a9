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

function placeOfFocus() {
  const at = document.activeElement;
  if (!board.contains(at)) return null;
  const row = at.closest("[data-row]")?.dataset.row;
  const href = at.getAttribute("href");
  return { id: at.id, row, href };
}

function focusAgain(place) {
  const row = place.row && named(board, place.row);
  const same = place.href && [...board.querySelectorAll("a")].find((link) => link.getAttribute("href") === place.href);
  const at = (place.id && document.getElementById(place.id)) || same || row?.querySelector("a") || board.querySelector("h1");
  if (!at.matches("a, button, input, summary")) at.tabIndex = -1;
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

// Many things may happen at once; a quarter of a second later they are all there.
let waiting;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250);
}

for (const name of ["live:ticket", "live:notice", "live:ask"]) document.addEventListener(name, soon);
document.addEventListener("done", refresh);
