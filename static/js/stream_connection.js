/* Retries the first connection of an event stream, with growing delays. The SSE extension itself
   reconnects only after a connection has been made. */
{
  const delays = new WeakMap(); // ms, per element
  const isStream = (element) => element.matches?.("[hx-sse\\:connect]");

  const retry = (element, shortest = 500) => {
    const delay = Math.min(Math.max(delays.get(element) ?? 0, shortest), 15_000);
    delays.set(element, delay * 2);
    setTimeout(() => {
      if (!element.isConnected) return;
      htmx.ajax("GET", element.getAttribute("hx-sse:connect"), { source: element });
    }, delay * (0.8 + Math.random() * 0.4));
  };

  document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
    if (ctx && !ctx.response && isStream(target)) retry(target);
  });
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    if (isStream(target) && ctx.response.status >= 500) retry(target);
    if (isStream(target) && ctx.response.status === 429) retry(target, 15_000); // too many tabs
  });
  document.addEventListener("htmx:sse:after:connection", ({ target }) => {
    delays.delete(target);
    const slot = document.querySelector(target.dataset.problem);
    slot?.replaceChildren();
  });
  document.addEventListener("htmx:sse:error", ({ target }) => {
    const message = document.getElementById("problem-offline");
    document.querySelector(target.dataset?.problem || null)?.replaceChildren(message.content.cloneNode(true));
  });
}
