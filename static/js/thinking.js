/* The fold with a model's thinking: counts the seconds, and stays open where the reader opened it
   although the message around it is replaced. */
{
  const started = new WeakMap(); // ms, per summary
  const opened = new Set(); // ids

  const count = () => {
    for (const summary of document.querySelectorAll(".thinking [data-thinking]")) {
      if (!summary.closest(".thinking").querySelector(".thought").firstChild) continue;
      if (!started.has(summary)) started.set(summary, Date.now() - 1000 * summary.dataset.seconds);
      const seconds = Math.max(1, Math.round((Date.now() - started.get(summary)) / 1000));
      summary.textContent = summary.dataset.thinking.replace("{seconds}", seconds);
    }
  };
  setInterval(count, 1000);

  document.addEventListener("toggle", ({ target }) => {
    if (target.matches?.(".thinking")) opened[target.open ? "add" : "delete"](target.id);
  }, true);
  // Before the swap: a fold that opens after it would move what the reader is looking at.
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    if (!opened.size) return;
    for (const { fragment } of detail.tasks) {
      for (const id of opened) fragment?.getElementById?.(id)?.setAttribute("open", "");
    }
  });
}
