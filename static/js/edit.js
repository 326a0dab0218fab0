/* ArrowUp in an empty composer edits the last question; Escape cancels an edit. */
{
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (key === "Escape" && target.matches?.(".edit textarea")) {
      event.preventDefault();
      target.form.querySelector(".edit-cancel").click();
    } else if (key === "ArrowUp" && target.matches?.("#composer textarea") && !target.value) {
      const links = document.querySelectorAll(".edit-link");
      if (!links.length) return;
      event.preventDefault();
      links[links.length - 1].click();
    }
  });

  // The caret starts at the end of the text.
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches?.(".edit textarea") || target.dataset.caretSet) return;
    target.dataset.caretSet = "";
    target.setSelectionRange(target.value.length, target.value.length);
  });
}
