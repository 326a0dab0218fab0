/* A request that failed without words of its own (the network, a fault of the server) says so
   where its element's data-problem points; the next one that works takes the words away. */
{
  const place = (element) => document.querySelector(element.closest?.("[data-problem]")?.dataset.problem || null);
  const say = (element, name) => {
    const words = document.getElementById(`problem-${name}`);
    if (words) place(element)?.replaceChildren(words.content.cloneNode(true));
  };

  document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
    if (ctx && !ctx.response) say(target, "offline");
  });
  document.addEventListener("htmx:response:error", ({ target, detail: { ctx } }) => {
    if (ctx.response.status >= 500 && ctx.response.status !== 503) say(target, "server");
  });
  document.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
    if (ctx.response.raw.ok) place(target)?.replaceChildren();
  });
}
