/* Enter sends, Shift+Enter breaks the line; on a touch keyboard Enter always breaks it.
   The field is cleared only after the server has accepted the message. */
{
  const coarse = matchMedia("(pointer: coarse)");
  const isComposer = (element) => element?.matches?.("#composer");

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || coarse.matches) return;
    if (!field.matches?.("#composer textarea, .edit textarea")) return;
    event.preventDefault();
    const images = field.form.elements.images?.files.length || field.form.querySelector("[name=pending_images]:checked");
    if (field.value.trim() || images) field.form.requestSubmit();
  });

  document.addEventListener("htmx:before:request", ({ target, detail }) => {
    if (isComposer(target)) detail.ctx.sent = target.elements.message.value;
  });

  document.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
    if (!isComposer(target) || !ctx.response.raw.ok) return;
    const field = target.elements.message;
    if (field.value === ctx.sent) field.value = "";
    field.focus({ preventScroll: true });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A page from the browser's HTTP cache may carry a used idempotency key: it is cleared, so that new
  // text is not taken for a repetition. A page from the back/forward cache has the right one.
  addEventListener("pageshow", ({ persisted }) => {
    const [navigation] = performance.getEntriesByType("navigation");
    if (persisted || navigation?.type !== "back_forward") return;
    for (const field of document.querySelectorAll("[name=idempotency_key]")) field.value = "";
  });

  // Where CSS can't yet size a field by its content
  if (!CSS.supports("field-sizing", "content")) {
    document.addEventListener("input", ({ target }) => {
      if (!target.matches?.("#composer textarea, .edit textarea")) return;
      target.style.blockSize = "auto";
      target.style.blockSize = `${target.scrollHeight}px`;
    });
  }
}
