// Verbs open as dialogs on top of what one is looking at; without this script they are pages of their own.
import { tell } from "./tell.js";

const dialog = document.getElementById("dialog");

export async function open(url) {
  await htmx.ajax("GET", url, { target: "#dialog", swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  focusFirst();
}

function focusFirst() {
  const wrong = dialog.querySelector(".has-error input, .has-error textarea, .has-error select");
  const fields = [...dialog.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const first = wrong || fields.find((field) => field.type !== "checkbox") || dialog.querySelector("button[type=submit]");
  first?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open(link.href);
    return;
  }
  const close = event.target.closest("[data-close]");
  if (close?.closest("dialog")) {
    event.preventDefault();
    close.closest("dialog").close();
  }
});

// A form that was refused comes back into the dialog with what is wrong.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === dialog && dialog.open) focusFirst();
});

document.addEventListener("done", (event) => {
  dialog.close();
  tell(event.detail.told);
});

// A click beside the dialog is no decision: what was typed would be out of sight. Esc closes, and drafts are kept.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form.verb, form.filled");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
});

// A page that cannot be had says so, instead of nothing.
document.addEventListener("htmx:sendError", () => tell(gettext("No answer: is the network there? What you typed is kept.")));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 404) tell(gettext("That is not there any more, or not yours to see."));
  else if (status === 403) tell(gettext("That is not yours to do."));
  else tell(gettext("That did not work. What you typed is kept."));
});

// Quick choices for a moment: minutes from now, or a time of day.
document.addEventListener("click", (event) => {
  const quick = event.target.closest("[data-quick]");
  if (!quick) return;
  const at = new Date();
  const named = { today: [0, 17], tomorrow: [1, 10] }[quick.dataset.quick];
  if (named) {
    at.setDate(at.getDate() + named[0]);
    at.setHours(named[1], 0, 0, 0);
  } else {
    at.setMinutes(at.getMinutes() + Number(quick.dataset.quick));
  }
  const input = quick.closest(".moment-input").querySelector("input");
  input.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
