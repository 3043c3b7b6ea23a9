// The desk: rows open beside the list, the list announces what changed and never jumps under the cursor.
const list = document.getElementById("list");
const pane = document.getElementById("pane");
let fresh = null;

const wide = () => pane && getComputedStyle(pane).display !== "none";

async function show(row) {
  for (const other of list.querySelectorAll(".row[aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  await htmx.ajax("GET", row.href, { target: "#pane", swap: "innerHTML show:none" });
  pane.scrollTop = 0;
  history.replaceState(null, "", `#${row.dataset.key}`);
}

function apply() {
  if (!fresh) return;
  const current = list.querySelector(".row[aria-current]")?.dataset.key;
  const focused = document.activeElement?.dataset?.key;
  const scrolled = list.querySelector(".rows").scrollTop;
  list.replaceChildren(...fresh.childNodes);
  fresh = null;
  list.querySelector(".rows").scrollTop = scrolled;
  if (current) list.querySelector(`.row[data-key="${CSS.escape(current)}"]`)?.setAttribute("aria-current", "true");
  if (focused) (list.querySelector(`.row[data-key="${CSS.escape(focused)}"]`) || list.querySelector(".row"))?.focus();
  htmx.process(list);
  document.dispatchEvent(new Event("htmx:afterSettle"));
}

const versions = (root) => new Map([...root.querySelectorAll(".row")].map((row) => [row.dataset.key, row.dataset.version]));

async function pulse() {
  const answer = await fetch(list.dataset.pulse, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const root = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  // Somebody whose sign-in has ended is answered with the door.
  if (!root.querySelector(".lists")) return location.reload();
  // Counts are true at once; rows wait until they are asked for.
  list.querySelector(".lists").replaceWith(root.querySelector(".lists").cloneNode(true));
  const before = versions(list);
  const after = versions(root);
  const listed = [...before.keys()].slice(0, after.size);
  const changed = [...after].filter(([key, version]) => before.get(key) !== version).length + listed.filter((key) => !after.has(key)).length;
  fresh = changed ? root : null;
  const button = list.querySelector("[data-apply]");
  button.hidden = !changed;
  button.textContent = interpolate(ngettext("%s update, press r", "%s updates, press r", changed), [changed]);
}

let waiting;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(pulse, 250);
}

if (list) {
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-apply]")) return apply();
    const row = event.target.closest(".row");
    if (row && row.dataset.ticket && wide() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show(row);
    }
  });
  for (const name of ["live:ticket", "live:notice", "live:ask"]) document.addEventListener(name, soon);
  // What one has done oneself needs no announcement.
  document.addEventListener("done", async () => { await pulse(); apply(); });
  document.addEventListener("desk:apply", apply);
  document.addEventListener("desk:back", () => (list.querySelector(".row[aria-current]") || list.querySelector(".row"))?.focus());
  const wanted = location.hash && list.querySelector(`.row[data-key="${CSS.escape(location.hash.slice(1))}"]`);
  if (wanted && wide()) show(wanted);
}
