/* Scrolls along with a growing answer, unless the user has scrolled up. */
{
  const NEAR = 120; // px from the end that still count as the end
  const page = document.scrollingElement;
  let following = true;

  const distanceToEnd = () => page.scrollHeight - page.clientHeight - page.scrollTop;
  const scrollToEnd = (behavior = "instant") => page.scrollTo({ top: page.scrollHeight, behavior });
  const updateJumpButton = () => {
    const jump = document.querySelector(".jump");
    if (jump) jump.hidden = following || distanceToEnd() < page.clientHeight / 2;
  };

  let before = page.scrollTop;
  addEventListener("scroll", () => {
    // The page grows downwards, so only the user scrolls up.
    if (page.scrollTop < before - 2 && distanceToEnd() > NEAR) following = false;
    if (distanceToEnd() < NEAR) following = true;
    before = page.scrollTop;
    updateJumpButton();
  }, { passive: true });

  const follow = ({ target }) => {
    if (!target.closest?.(".thread, #waiting")) return;
    if (following) scrollToEnd();
    updateJumpButton();
  };
  document.addEventListener("htmx:after:settle", follow);
  document.addEventListener("grown", follow);

  document.addEventListener("htmx:before:request", ({ target }) => {
    if (target.matches?.("#composer")) following = true;
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.(".jump")) return;
    following = true;
    scrollToEnd(matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  });

  // A conversation opens at its end, unless the address names a message. The browser would restore
  // the position of before a reload, earlier or later than this.
  if (document.querySelector(".thread") && !location.hash) {
    history.scrollRestoration = "manual";
    scrollToEnd();
  }
}
