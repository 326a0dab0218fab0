/* The SSE extension reconnects once it was connected. Here it gets its first connection,
   however often that takes; it tells us of a failure as of any other request. */
{
  const waits = new WeakMap(); // ms, per element
  const listens = (element) => element.matches?.("[hx-sse\\:connect]");

  const again = (element) => {
    const wait = Math.min(waits.get(element) ?? 500, 15_000);
    waits.set(element, wait * 2);
    setTimeout(() => {
      if (!element.isConnected) return;
      htmx.ajax("GET", element.getAttribute("hx-sse:connect"), { source: element });
    }, wait * (0.8 + Math.random() * 0.4));
  };

  document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
    if (ctx && !ctx.response && listens(target)) again(target);
  });
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    if (listens(target) && ctx.response.status >= 500) again(target);
  });
  document.addEventListener("htmx:sse:after:connection", ({ target }) => {
    waits.delete(target);
    const place = document.querySelector(target.dataset.problem);
    place?.replaceChildren();
  });
  document.addEventListener("htmx:sse:error", ({ target }) => {
    const words = document.getElementById("problem-offline");
    document.querySelector(target.dataset?.problem || null)?.replaceChildren(words.content.cloneNode(true));
  });
}
