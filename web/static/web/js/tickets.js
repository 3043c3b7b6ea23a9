// The ticket that is being looked at stays true: after one's own verbs, and when others change it.
const shown = () => document.querySelector("article.ticket");

// Where the focus was, so that it is there again when the part around it has been replaced.
function placeOfFocus() {
  const at = document.activeElement;
  const article = shown();
  if (!article?.contains(at)) return null;
  return at.id ? `#${CSS.escape(at.id)}` : at.getAttribute("href") ? `[href="${CSS.escape(at.getAttribute("href"))}"]` : null;
}

export async function refresh() {
  const article = shown();
  if (!article) return;
  const focus = placeOfFocus();
  const details = [...article.querySelectorAll("details")].map((each) => each.open);
  await htmx.ajax("GET", article.dataset.url, { target: article, swap: "outerHTML show:none" });
  const fresh = shown();
  fresh?.querySelectorAll("details").forEach((each, place) => { each.open = details[place] ?? false; });
  if (focus) (fresh?.querySelector(focus) || fresh?.querySelector(".bar a"))?.focus();
}

document.addEventListener("done", refresh);
document.addEventListener("live:ask", refresh);
document.addEventListener("live:ticket", (event) => {
  const article = shown();
  const news = event.detail;
  if (article && Number(article.dataset.ticket) === news.ticket && Number(article.dataset.version) < news.version) refresh();
});
