/* ArrowUp in an empty composer edits the last question; Escape takes an edit back. */
{
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.isComposing || event.defaultPrevented || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
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

  // One goes on where the text ends.
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches?.(".edit textarea") || target.dataset.begun) return;
    target.dataset.begun = "";
    target.setSelectionRange(target.value.length, target.value.length);
  });
}
