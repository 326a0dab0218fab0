/* The window follows an answer while it grows, unless the reader has scrolled up to read. */
{
  const NEAR = 120; // px from the end that still count as being there
  const page = document.scrollingElement;
  let following = true;

  const left = () => page.scrollHeight - page.clientHeight - page.scrollTop;
  const toEnd = (behavior = "instant") => page.scrollTo({ top: page.scrollHeight, behavior });
  const show = () => {
    const jump = document.querySelector(".jump");
    if (jump) jump.hidden = following || left() < page.clientHeight / 2;
  };

  let before = page.scrollTop;
  addEventListener("scroll", () => {
    // Only a reader scrolls up; the page grows downwards.
    if (page.scrollTop < before - 2 && left() > NEAR) following = false;
    if (left() < NEAR) following = true;
    before = page.scrollTop;
    show();
  }, { passive: true });

  document.addEventListener("htmx:after:settle", ({ target }) => {
    if (!target.closest?.(".thread")) return;
    if (following) toEnd();
    show();
  });

  document.addEventListener("htmx:before:request", ({ target }) => {
    if (target.matches?.("#composer")) following = true;
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.(".jump")) return;
    following = true;
    toEnd(matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  });

  // A conversation opens at its end, unless the address names a message.
  if (document.querySelector(".thread") && !location.hash) toEnd();
}
