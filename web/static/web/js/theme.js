// Runs before anything is drawn, so that no page flashes in the wrong colours.
{
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  };
  show();
  dark.addEventListener("change", show);
  document.addEventListener("change", (event) => {
    if (event.target.name !== "theme") return;
    root.dataset.theme = event.target.value;
    document.cookie = `theme=${event.target.value}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
  // Times on pages and in forms are the reader's own.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
