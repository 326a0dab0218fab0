/* Sends the CSRF token of the cookie: the page's own may be older than a sign-in in another tab, and
   streamed content has none. */
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token && ctx.request.method === "POST") ctx.request.body.set("csrfmiddlewaretoken", token);
});
