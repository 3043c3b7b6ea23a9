// Ctrl+K: everything that the page can do or lead to, by typing a part of its name. ?: the keys.
import { areOff, switchOff } from "./keys.js";

const palette = document.getElementById("palette");

function choices() {
  const found = [...document.querySelectorAll("[data-dialog], .bar a, .places a, .lists a, #person-menu a, .top a.btn")];
  return found.map((link) => ({ words: link.textContent.replace(/\s+/g, " ").trim(), link }));
}

function showPalette() {
  const all = choices();
  palette.innerHTML = document.getElementById("palette-template").innerHTML;
  const input = palette.querySelector("input");
  const options = palette.querySelector("ul");
  let shown = [];
  let at = 0;
  const draw = () => {
    const words = input.value.toLowerCase();
    shown = all.filter((each) => each.words.toLowerCase().includes(words)).slice(0, 12);
    if (words) shown.push({ words: interpolate(gettext("Search tickets for “%s”"), [input.value]), search: input.value });
    at = Math.min(at, shown.length - 1);
    options.replaceChildren(...shown.map((each, place) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `palette-${place}`;
      option.ariaSelected = String(place === at);
      option.textContent = each.words;
      option.addEventListener("click", () => choose(place));
      return option;
    }));
    input.setAttribute("aria-activedescendant", shown.length ? `palette-${at}` : "");
  };
  const choose = (place) => {
    const chosen = shown[place];
    palette.close();
    if (chosen?.search) location.assign(`/search/?q=${encodeURIComponent(chosen.search)}`);
    else chosen?.link.click();
  };
  input.addEventListener("input", () => { at = 0; draw(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  });
  palette.showModal();
  draw();
}

function showHelp() {
  palette.innerHTML = document.getElementById("keys-template").innerHTML;
  const box = palette.querySelector("[name=keys-on]");
  box.checked = !areOff();
  box.addEventListener("change", () => switchOff(!box.checked));
  if (!palette.open) palette.showModal();
}

if (document.getElementById("palette-template")) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      showPalette();
    }
  });
  document.addEventListener("keys:help", showHelp);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) {
      document.getElementById("person-menu")?.hidePopover();
      showHelp();
    }
  });
}
