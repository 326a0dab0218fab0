/* Keeps the scroll position when earlier messages are inserted above. */
{
  let anchor; // the message below the link, and its distance from the window's top, px

  document.addEventListener("htmx:before:swap", ({ target }) => {
    const message = target.matches?.(".earlier") && target.nextElementSibling;
    anchor = message ? { message, top: message.getBoundingClientRect().top } : null;
  });

  document.addEventListener("htmx:after:settle", () => {
    if (!anchor) return;
    scrollBy({ top: anchor.message.getBoundingClientRect().top - anchor.top, behavior: "instant" });
    anchor = null;
  });
}
