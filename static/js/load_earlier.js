/* What was said earlier comes in above: what is being read stays where it is. */
{
  let reading; // the message below the link, and its distance from the window's top, px

  document.addEventListener("htmx:before:swap", ({ target }) => {
    const message = target.matches?.(".earlier") && target.nextElementSibling;
    reading = message ? { message, top: message.getBoundingClientRect().top } : null;
  });

  document.addEventListener("htmx:after:settle", () => {
    if (!reading) return;
    scrollBy({ top: reading.message.getBoundingClientRect().top - reading.top, behavior: "instant" });
    reading = null;
  });
}
