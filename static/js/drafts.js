/* Saves unsent text on this device, across reloads and failed requests.
   One draft per user and conversation, named by the form's data-draft. */
{
  const key = (form) => `draft:${form.dataset.draft}`;

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form[data-draft]");
    if (!form || target.type !== "textarea") return;
    try {
      if (target.value) localStorage.setItem(key(form), target.value);
      else localStorage.removeItem(key(form));
    } catch {
      // No room, or storage is blocked: the text is still in its field.
    }
  });

  const restore = () => {
    const form = document.querySelector("form[data-draft]");
    const field = form?.querySelector("textarea");
    if (!field || field.value) return;
    try {
      field.value = localStorage.getItem(key(form)) ?? "";
    } catch {
      return;
    }
    if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  restore();
  document.addEventListener("htmx:after:history:update", restore);
  addEventListener("pageshow", restore);
}
