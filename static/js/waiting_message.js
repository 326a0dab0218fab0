/* The message that waits for an answer: what returned, by a click or because the answer was not
   completed, is put into the field of the page that the user is at. */
{
  const field = () => document.querySelector("#composer textarea");

  const takeReturned = () => {
    if (!document.hasFocus()) return;
    for (const form of document.querySelectorAll(".waiting-message[data-status=returned] form")) {
      form.dataset.unasked = "";
      // What has just been inserted, or is on a page that still loads, htmx doesn't know yet.
      htmx.process(form);
      form.requestSubmit();
    }
  };

  // Without a click, only one page is to get the text: the first that asks.
  document.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
    if (target.dataset?.unasked === undefined) return;
    delete target.dataset.unasked;
    ctx.request.body.delete("message");
  });

  const putIntoField = (text) => {
    const { value, selectionEnd } = field();
    const whole = [text, value].filter((part) => part.trim()).join("\n\n");
    const caret = whole.length - (value.length - selectionEnd);
    field().value = whole;
    field().setSelectionRange(caret, caret);
    field().dispatchEvent(new Event("input", { bubbles: true }));
    if (document.activeElement === document.body) field().focus({ preventScroll: true });
  };

  document.addEventListener("htmx:after:settle", ({ target, detail }) => {
    if (target.id !== "waiting") return;
    for (const node of detail.newContent ?? []) {
      if (!node.matches?.("[data-taken-back]")) continue;
      putIntoField(node.dataset.takenBack);
      node.remove();
    }
    takeReturned();
  });

  // A message that was sent meanwhile may come twice: by its form's response and by the stream.
  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    for (const { target, fragment, swapSpec } of tasks) {
      if (target?.id !== "thread" || swapSpec.style !== "beforeend") continue;
      for (const message of fragment.querySelectorAll("article[id]")) {
        if (document.getElementById(message.id)) message.remove();
      }
    }
  });

  takeReturned();
  addEventListener("focus", takeReturned);
  document.addEventListener("htmx:after:history:update", takeReturned);
}
