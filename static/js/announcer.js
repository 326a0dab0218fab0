/* Says once, politely, what new content has to say in data-announce (an answer has ended, which
   version is shown), and what other modules dispatch as an event "say". */
{
  const say = (words) => {
    const place = document.getElementById("announcer");
    place.textContent = words;
    // A sentence already there would not be said a second time.
    setTimeout(() => (place.textContent = ""), 4000);
  };
  document.addEventListener("say", ({ detail }) => say(detail));
  document.addEventListener("htmx:after:settle", ({ detail }) => {
    for (const node of detail.newContent ?? []) {
      const words = node.matches?.("[data-announce]") && node.dataset.announce.trim();
      if (words) say(words);
    }
  });
}
