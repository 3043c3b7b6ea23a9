// What was typed and not yet sent is kept for a day in this browser, whatever happens to the page or the ticket.
const DAY = 24 * 3600 * 1000;
const person = document.body.dataset.person;
const key = (form) => `draft.${person}.${form.dataset.draft}`;

const kept = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");

function save(form) {
  const said = kept(form).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
  localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), said }));
}

function restore(form) {
  const draft = JSON.parse(localStorage.getItem(key(form)) || "null");
  if (!draft || form.dataset.bound !== undefined) return;
  const fields = new Map(kept(form).map((field) => [field.name, field]));
  let differs = false;
  for (const [name, value] of draft.said) {
    const field = fields.get(name);
    if (!field) continue;
    if (field.type === "checkbox") {
      differs ||= field.checked !== value;
      field.checked = value;
    } else if (field.value !== value) {
      differs = true;
      field.value = value;
    }
  }
  if (!differs) return;
  const note = document.createElement("p");
  note.className = "draft-note";
  note.append(gettext("What you had typed before is back."));
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "btn btn-sm btn-quiet";
  discard.textContent = gettext("Begin anew");
  discard.addEventListener("click", () => {
    localStorage.removeItem(key(form));
    form.reset();
    note.remove();
  });
  note.append(discard);
  form.querySelector(".body").prepend(note);
}

let waiting;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => save(form), 300);
  countMissing(form);
});

function look(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    restore(form);
    countMissing(form);
  }
}

// The packet of an offer: how much of it is still empty.
function countMissing(form) {
  const place = form.querySelector("[data-missing]");
  if (!place) return;
  const names = ["need", "next_action"].concat(form.elements.on_call.checked ? [] : ["expectation", "history"]);
  const missing = names.filter((name) => !form.elements[name].value.trim()).length;
  const words = missing ? interpolate(ngettext("%s thing missing", "%s things missing", missing), [missing]) : "";
  if (place.textContent !== words) place.textContent = words;
}

document.addEventListener("htmx:afterSwap", (event) => look(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.detail.requestConfig.verb === "post" && event.detail.xhr.status === 204) {
    clearTimeout(waiting);
    localStorage.removeItem(key(form));
  }
});

for (const name of Object.keys(localStorage)) {
  if (!name.startsWith("draft.")) continue;
  const { at } = JSON.parse(localStorage.getItem(name));
  if (Date.now() - at > DAY) localStorage.removeItem(name);
}
look(document);
