/* An open menu closes with Escape and with a click elsewhere. */
{
  const close = (except) => {
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (menu.contains(except)) continue;
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("click", ({ target }) => close(target));
  // In the capturing phase's end, so that the same Escape doesn't stop an answer too.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.querySelector(".menu[open]")) return;
    event.preventDefault();
    close(null);
  }, true);
}
