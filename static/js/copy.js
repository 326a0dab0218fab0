/* Copy an answer as Markdown (from the server) or one block of its code. */
{
  const addButtons = (root) => {
    const button = document.getElementById("copy-code");
    if (!button) return;
    for (const head of root.querySelectorAll?.(".code-head") ?? []) {
      // The growing tail is replaced many times a second.
      if (head.querySelector(".copy") || head.closest(".answer-tail")) continue;
      head.append(button.content.cloneNode(true));
    }
  };

  const codeOf = (block) => {
    const parts = [block];
    while (parts.at(-1).nextElementSibling?.matches(".code.continues")) parts.push(parts.at(-1).nextElementSibling);
    return parts.map((part) => part.querySelector("code").textContent).join("");
  };

  const sourceOf = async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status}`);
    return response.text();
  };

  /* Copies by way of a field: over plain HTTP a page has no `navigator.clipboard`. */
  const copyByField = (text) => {
    const before = document.activeElement;
    const field = Object.assign(document.createElement("textarea"), { className: "copy-field", value: text });
    document.body.append(field);
    field.focus({ preventScroll: true });
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
    if (!isCopied) throw new Error("The browser does not copy.");
  };

  const copy = async (button) => {
    const text = button.dataset.source ? sourceOf(button.dataset.source) : Promise.resolve(codeOf(button.closest(".code")));
    if (!navigator.clipboard?.write) return copyByField(await text);
    const plain = text.then((content) => new Blob([content], { type: "text/plain" }));
    // Given as a promise within the click: Safari refuses what comes later.
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain })]);
  };

  /* Reports that an answer or a block of its code was copied: see `feedback.models.implicit_feedback`. */
  const report = (button) => {
    const url = (button.closest(".message")?.querySelector("[data-report-url]") ?? button).dataset.reportUrl;
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (url && token) fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => {});
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.(".copy");
    if (!button) return;
    const announce = (detail) => document.dispatchEvent(new CustomEvent("announce", { detail }));
    try {
      await copy(button);
      button.dataset.copied = "";
      setTimeout(() => delete button.dataset.copied, 2000);
      announce(button.dataset.copiedText);
      report(button);
    } catch {
      announce(button.dataset.failedText);
    }
  });

  addButtons(document);
  document.addEventListener("htmx:after:settle", ({ detail }) => (detail.newContent ?? []).forEach(addButtons));
  document.addEventListener("htmx:after:history:update", () => addButtons(document));
}
