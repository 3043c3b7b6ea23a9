// Two people on one ticket see each other: the page says that it is open, and whether somebody is writing.
const AGAIN = 20000; // milliseconds
const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
// Somebody may have a ticket open in two tabs, and close one.
const tab = Math.random().toString(36).slice(2);
let address = null;
let words = "";
let said = null;

const place = () => document.querySelector("[data-here]");

const written = (field) => field.value !== field.defaultValue;

function doing() {
  const writes = document.querySelector("dialog[open] form") || [...document.querySelectorAll("main textarea")].some(written);
  return writes ? "writing" : "reading";
}

function send(to, state) {
  return fetch(to, { method: "POST", headers, body: new URLSearchParams({ state, tab }), keepalive: true });
}

function show() {
  const element = place();
  if (!element) return;
  element.setAttribute("role", "status");
  if (element.innerHTML !== words) element.innerHTML = words;
}

async function say() {
  const at = address;
  if (!at || document.hidden) return;
  said = doing();
  const answer = await send(at, said).catch(() => null);
  if (!answer?.ok || at !== address) return;
  words = (await answer.text()).trim();
  show();
}

function leave() {
  if (address) send(address, "gone").catch(() => {});
  address = said = null;
  words = "";
}

// Tickets come and go in the page; one that is drawn anew is the same.
let arriving;
function look() {
  const found = place()?.dataset.here || null;
  if (found === address) return show();
  clearTimeout(arriving);
  leave();
  arriving = setTimeout(() => {
    address = place()?.dataset.here || null;
    say();
  }, 300);
}

function notice() {
  if (address && doing() !== said) say();
}

document.addEventListener("htmx:afterSettle", look);
document.addEventListener("live:here", (event) => { if (address?.includes(`/T-${event.detail.ticket}/`)) say(); });
document.addEventListener("live:ask", say);
document.addEventListener("input", notice);
document.addEventListener("visibilitychange", say);
setInterval(say, AGAIN);
setInterval(notice, 1000);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
look();
