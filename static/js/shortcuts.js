/* Keys for what is done often. Single ones never while somebody types, holds another key or has a
   dialog open, and not at all for who has turned them off: speech input can set them off. */
{
  const switchOf = () => document.getElementById("single-keys");
  const off = () => {
    try {
      return localStorage.getItem("single-keys") === "off";
    } catch {
      return false;
    }
  };
  const isField = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

  const rate = (thumb) => {
    const rateable = [...document.querySelectorAll(".answer:has(.thumb)")];
    const focused = document.activeElement?.closest(".answer");
    const button = (focused ?? rateable.at(-1))?.querySelector(`[id^="${thumb}-"]`);
    button?.focus();
    button?.click();
  };
  const open = (id) => document.getElementById(id)?.showModal();

  const keys = {
    "+": () => rate("up"),
    "-": () => rate("down"),
    "−": () => rate("down"),
    "/": () => document.querySelector("#composer textarea")?.focus(),
    "?": () => open("shortcuts"),
    n: () => document.querySelector(".new-conversation")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = Object.hasOwn(keys, event.key) && keys[event.key];
    if (!action || isField(event.target) || document.querySelector("dialog[open]") || off()) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", ({ target }) => {
    const opener = target.closest?.("[data-opens]");
    if (opener) open(opener.dataset.opens);
    // A click beside a dialog closes it.
    if (target.matches?.("dialog[open]")) target.close();
  });

  if (switchOf()) switchOf().checked = !off();
  document.addEventListener("change", ({ target }) => {
    if (target !== switchOf()) return;
    try {
      localStorage.setItem("single-keys", target.checked ? "on" : "off");
    } catch {
      target.checked = !target.checked; // storage is blocked: it can't be kept
    }
  });
}
