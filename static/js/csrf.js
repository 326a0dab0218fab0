/* The token that the cookie holds now: a page may be older than a sign-in in another tab,
   and what a stream brings carries none. */
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token && ctx.request.method === "POST") ctx.request.body.set("csrfmiddlewaretoken", token);
});
