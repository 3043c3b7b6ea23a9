// What others do shows by itself. One tab of a browser listens to the stream for all: whichever holds the lock.
// Each tells its page by events on the document: live:ticket, live:notice and live:here say what has changed,
// live:state that the page is "live" or "asking", and live:ask to look at everything again.
const person = document.body.dataset.person;
const address = document.body.dataset.live;
const name = `live ${person}`;
const others = new BroadcastChannel(name);

// Milliseconds.
const ASK = 15000;
const GRACE = 4000; // from loading the page, or from losing the stream, to asking
const SILENCE = 40000; // without a beat; there are four a minute
const AGAIN = 5000; // to opening a stream that was refused
const SLACK = 2000; // that a page may have been read before it says when

const serverTime = document.querySelector('meta[name="server-time"]');
let heard = Date.parse(serverTime?.content) - SLACK || 0; // up to when nothing is missed, by the server's clock
let state = null;
let asking;
let doubting;
let down = false;
let asked = Date.now();

const dispatch = (event, detail) => document.dispatchEvent(new CustomEvent(`live:${event}`, { detail }));

function ask() {
  asked = Date.now();
  dispatch("ask");
}

const askIfSeen = () => { if (!document.hidden && Date.now() - asked >= ASK - 1000) ask(); };

function become(next) {
  if (state === next) return;
  state = next;
  clearInterval(asking);
  if (state === "asking") {
    asking = setInterval(askIfSeen, ASK);
    askIfSeen();
  }
  const shown = document.getElementById("live");
  if (shown) {
    shown.hidden = false;
    for (const each of shown.children) each.hidden = each.dataset.when !== state;
  }
  dispatch("state", state);
}

// Live for so long as something is heard often enough.
function doubt(after) {
  clearTimeout(doubting);
  doubting = setTimeout(() => become("asking"), after);
}

// What the stream says, in the tab that listens and in the others.
function hear(event, facts) {
  if (event === "down") {
    // Each further try to come back fails as well; the time of grace is that of the first.
    if (!down && state !== "asking") doubt(GRACE);
    down = true;
    return;
  }
  if (event === "away") return become("asking");
  down = false;
  doubt(SILENCE);
  const missed = event === "hello" && (state === "asking" || facts.last > heard);
  heard = Math.max(heard, facts.at);
  become("live");
  if (missed) ask();
  else if (["ticket", "notice", "here"].includes(event)) dispatch(event, facts);
}

let source = null;
let last = 0; // when this stream last told of something

function open() {
  source = new EventSource(address, { withCredentials: true });
  const tell = (event, facts) => {
    others.postMessage({ event, facts });
    hear(event, facts);
  };
  for (const event of ["hello", "away", "beat", "ticket", "notice", "here"]) {
    source.addEventListener(event, (message) => {
      const facts = JSON.parse(message.data);
      if (event === "hello") last = Math.max(last, facts.last);
      else if (event !== "beat" && event !== "away") last = facts.at;
      tell(event, facts);
    });
  }
  source.onerror = () => {
    tell("down", {});
    // Refused, it does not try again by itself.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => { if (source) reopen(); }, AGAIN);
  };
}

function reopen() {
  source.close();
  open();
}

let release = null;

function listen() {
  const lead = () => new Promise((resolve) => {
    release = resolve;
    open();
  });
  others.postMessage({ event: "joined" });
  doubt(GRACE);
  // Without a lock (where the page is not secure) each tab listens for itself.
  if (navigator.locks) navigator.locks.request(name, lead).catch(() => {});
  else lead();
}

if (person && address) {
  others.onmessage = ({ data: { event, facts } }) => {
    if (event !== "joined") hear(event, facts);
    else if (source && state) others.postMessage(state === "live" ? { event: "hello", facts: { last, at: heard } } : { event: "away", facts: {} });
  };
  addEventListener("pagehide", () => {
    source?.close();
    source = null;
    release?.();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (state === "asking") askIfSeen(); });
  listen();
} else if (person) {
  become("asking");
}
