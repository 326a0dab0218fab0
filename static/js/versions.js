/* Keeps the version buttons under the pointer while paging, however long the versions are. */
{
  let pressed; // the button's id and its distance from the window's top, px

  document.addEventListener("htmx:before:request", ({ target }) => {
    const button = target.matches?.(".versions form") && target.querySelector("button");
    pressed = button ? { id: button.id, top: button.getBoundingClientRect().top } : null;
  });

  document.addEventListener("htmx:after:settle", ({ target }) => {
    const button = pressed && target.id === "thread" && document.getElementById(pressed.id);
    if (!button) return;
    scrollBy({ top: button.getBoundingClientRect().top - pressed.top, behavior: "instant" });
    pressed = null;
  });
}
