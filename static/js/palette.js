/* Command palette (Ctrl+K or Cmd+K): filters the conversations listed on the page by name at once;
   matches inside messages follow from the server. */
{
  const palette = () => document.getElementById("palette");
  const words = (text) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean);

  const fill = () => {
    const found = palette().querySelector(".palette-found");
    const wanted = words(document.getElementById("palette-query").value);
    const links = [...document.querySelectorAll("#conversations a[href*='/c/']")]
      .filter(({ textContent }) => wanted.every((word) => textContent.toLocaleLowerCase().includes(word)))
      .slice(0, 50);
    found.replaceChildren(...links.map(({ href, textContent }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      Object.assign(link, { href, dir: "auto", textContent: textContent.trim() });
      return item;
    }));
    const empty = palette().querySelector(".palette-empty");
    empty.textContent = links.length ? "" : empty.dataset.words;
  };

  const isPaletteKey = (event) =>
    event.key.toLowerCase() === "k" && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;

  document.addEventListener("keydown", (event) => {
    if (!palette()) return;
    if (isPaletteKey(event)) {
      event.preventDefault();
      if (document.querySelector("dialog[open]")) return;
      document.getElementById("palette-query").value = "";
      document.getElementById("palette-results").replaceChildren();
      fill();
      palette().showModal();
    } else if (palette().contains(event.target)) move(event);
  });

  const move = (event) => {
    const links = [...palette().querySelectorAll("a")];
    const at = links.indexOf(event.target);
    if (event.key === "Enter" && at < 0) links[0]?.click();
    else if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? document.getElementById("palette-query")).focus();
    else return;
    event.preventDefault();
  };

  document.addEventListener("input", ({ target }) => {
    if (target.id === "palette-query") fill();
  });

  // Matches by name that the page lists already are not repeated.
  document.addEventListener("htmx:after:settle", ({ target }) => {
    if (target.id !== "palette-results") return;
    const listed = new Set([...palette().querySelectorAll(".palette-found a")].map(({ href }) => href));
    for (const link of target.querySelectorAll("a")) if (listed.has(link.href)) link.parentElement.remove();
    if (!target.querySelector("li")) target.replaceChildren();
  });
}
