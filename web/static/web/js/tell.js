// Says something to everybody, whether they see the page or hear it: one polite region for all.
const place = document.getElementById("told");

export function tell(words) {
  const line = document.createElement("div");
  line.textContent = words;
  place.append(line);
  setTimeout(() => line.remove(), 6000);
}

document.addEventListener("tell", (event) => tell(event.detail));
