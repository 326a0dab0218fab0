/* Announces to screen readers, politely, the data-announce of new content (an answer has ended, which
   version is shown) and the text of "announce" events from other modules. */
{
  const announce = (text) => {
    const region = document.getElementById("announcer");
    region.textContent = text;
    // Setting the same text again would not be announced.
    setTimeout(() => (region.textContent = ""), 4000);
  };
  document.addEventListener("announce", ({ detail }) => announce(detail));
  document.addEventListener("htmx:after:settle", ({ detail }) => {
    for (const node of detail.newContent ?? []) {
      const text = node.matches?.("[data-announce]") && node.dataset.announce.trim();
      if (text) announce(text);
    }
  });
}
