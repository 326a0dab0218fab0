/* Shows why a request failed (no connection, server error) in the element that data-problem names;
   the next successful request removes the message. */
{
  const slotOf = (element) => document.querySelector(element.closest?.("[data-problem]")?.dataset.problem || null);
  const show = (element, name) => {
    const message = document.getElementById(`problem-${name}`);
    if (message) slotOf(element)?.replaceChildren(message.content.cloneNode(true));
  };

  document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
    if (ctx && !ctx.response) show(target, "offline");
  });
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    if (ctx.response.status >= 500 && ctx.response.status !== 503) show(target, "server");
  });
  document.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
    if (ctx.response.raw.ok) slotOf(target)?.replaceChildren();
  });
}
