/* The one policy of Trusted Types. It lets htmx parse what this site answered; every other string
   that would become HTML or script is refused by the browser. */
if (window.trustedTypes) {
  const htmxAsks = Symbol("htmx");
  const policy = trustedTypes.createPolicy("default", {
    createHTML: (text, asker) => (asker === htmxAsks ? text : null),
  });

  // htmx parses a response, or a message of an event stream, in the task in which it arrives.
  let hasArrived = false;
  let end;
  const arrive = (url) => {
    hasArrived = new URL(url, location.href).origin === location.origin;
    clearTimeout(end);
    end = setTimeout(() => (hasArrived = false));
    return hasArrived; // false drops it
  };

  htmx.registerExtension("trusted-types", {
    init: ({ initSecurity }) => initSecurity({
      createHTML: (text) => (hasArrived ? policy.createHTML(text, htmxAsks) : text),
      createScript: (text) => text,
    }),
    htmx_after_request: (element, { ctx }) => arrive(ctx.response.raw.url),
    htmx_sse_before_message: (element, { connection }) => arrive(connection.url),
  });
}
