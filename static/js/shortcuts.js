/* Keyboard shortcuts. Single keys are ignored while the user types, holds a modifier or has a dialog
   open, and everywhere if the user turned them off: speech input can trigger them. */
{
  const toggle = () => document.getElementById("single-keys");
  const isOff = () => {
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

  const actions = {
    "+": () => rate("up"),
    "-": () => rate("down"),
    "−": () => rate("down"),
    "/": () => document.querySelector("#composer textarea")?.focus(),
    "?": () => open("shortcuts"),
    n: () => document.querySelector(".new-conversation")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = Object.hasOwn(actions, event.key) && actions[event.key];
    if (!action || isField(event.target) || document.querySelector("dialog[open]") || isOff()) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", ({ target }) => {
    const opener = target.closest?.("[data-opens]");
    if (opener) open(opener.dataset.opens);
    // A click beside a dialog closes it.
    if (target.matches?.("dialog[open]")) target.close();
  });

  if (toggle()) toggle().checked = !isOff();
  document.addEventListener("change", ({ target }) => {
    if (target !== toggle()) return;
    try {
      localStorage.setItem("single-keys", target.checked ? "on" : "off");
    } catch {
      target.checked = !target.checked; // storage is blocked: it can't be kept
    }
  });
}
