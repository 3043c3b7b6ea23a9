// Keeps every time on the page true: one tick for all, by the server's clock.
const serverTime = document.querySelector('meta[name="server-time"]');
const offset = serverTime ? Date.parse(serverTime.content) - Date.now() : 0;

export const now = () => Date.now() + offset;

// As web/templatetags/web.py says it.
export function length(milliseconds) {
  let minutes = Math.floor(milliseconds / 60000);
  const days = Math.floor(minutes / 1440);
  let hours = Math.floor(minutes / 60) % 24;
  minutes %= 60;
  if (days >= 2) return interpolate(ngettext("%s day", "%s days", days), [days]);
  if (days || hours) {
    hours += 24 * days;
    return minutes && hours < 10 ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  return minutes ? interpolate(gettext("%s min"), [minutes]) : gettext("under a minute");
}

const SOON = 15 * 60000;
const exactly = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function showMoment(time) {
  const at = Date.parse(time.dateTime);
  const span = length(Math.abs(at - now()));
  const said = at > now() ? gettext("in %s") : gettext("%s ago");
  const words = Math.abs(at - now()) < 60000 ? gettext("now") : interpolate(said, [span]);
  if (time.textContent !== words) time.textContent = words;
}

function showClock(clock) {
  const left = Date.parse(clock.dataset.at) - now();
  const state = left <= 0 ? "late" : left <= SOON ? "soon" : "later";
  const words = interpolate(left <= 0 ? gettext("%s late") : gettext("in %s"), [length(Math.abs(left))]);
  const time = clock.querySelector("time");
  if (time.textContent !== words) time.textContent = words;
  if (!clock.classList.contains(`clock-${state}`)) {
    clock.classList.remove("clock-later", "clock-soon", "clock-late");
    clock.classList.add(`clock-${state}`);
    if (clock.closest("[data-announces]")) {
      const kind = clock.querySelector(".clock-kind").textContent;
      document.dispatchEvent(new CustomEvent("tell", { detail: `${kind}: ${words}` }));
    }
  }
}

export function tick() {
  for (const time of document.querySelectorAll('[data-tick="moment"]')) showMoment(time);
  for (const clock of document.querySelectorAll('[data-tick="clock"]')) showClock(clock);
  for (const time of document.querySelectorAll("time[data-exact]")) time.dataset.exact = exactly.format(Date.parse(time.dateTime));
}

setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
tick();
