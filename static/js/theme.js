/* Applies the theme that was selected. */
document.addEventListener("htmx:after:settle", ({ detail }) => {
  for (const node of detail.newContent ?? []) {
    if (node.id !== "theme") continue;
    if (node.dataset.chosen) document.documentElement.dataset.theme = node.dataset.chosen;
    else delete document.documentElement.dataset.theme;
  }
});
