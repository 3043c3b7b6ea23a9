// Everything is open on paper, whatever is open on the screen.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll(".chain details:not([open])")];
  for (const each of closed) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of closed) each.open = false;
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A bar leads to its row, with what is in it.
const open = () => {
  const row = location.hash.startsWith("#move-") && document.getElementById(location.hash.slice(1));
  for (const details of row ? row.querySelectorAll("details") : []) details.open = true;
};
window.addEventListener("hashchange", open);
open();
