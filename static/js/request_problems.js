/* Shows why a request failed (no connection, server error) in the element that data-problem names,
   for an error of this server with the id by which its log has it; the next successful request
   removes the message. */
{
  const slotOf = (element) => document.querySelector(element.closest?.("[data-problem]")?.dataset.problem || null);
  const show = (element, name, requestId) => {
    const message = document.getElementById(`problem-${name}`)?.content.cloneNode(true);
    if (!message) return;
    const code = message.querySelector(".error-id code");
    if (requestId) code.textContent = requestId;
    else code?.parentElement.remove();
    slotOf(element)?.replaceChildren(message);
  };

  document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
    if (ctx && !ctx.response) show(target, "offline");
  });
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    const { status, raw } = ctx.response;
    if (status >= 500 && status !== 503) show(target, "server", raw.headers.get("X-Request-ID"));
  });
  document.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
    if (ctx.response.raw.ok) slotOf(target)?.replaceChildren();
  });
}
