/* Escape stops the answer being generated. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector(":popover-open, .menu[open], dialog[open]")) return;
  document.querySelector(".answer .stop")?.requestSubmit();
});
