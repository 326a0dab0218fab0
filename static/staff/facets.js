// The numbers beside the filters: asked for once the page is there, and left out if they don't come.

const filters = document.querySelector("[data-counts]");

async function count() {
  const response = await fetch(filters.dataset.counts, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) return;
  const { numbers, note } = await response.json();
  for (const place of filters.querySelectorAll("[data-choice]")) place.textContent = numbers[place.dataset.choice] ?? "";
  filters.querySelector("[data-note]").textContent = note;
  filters.querySelector("[data-without-script]").hidden = true;
  filters.dataset.counted = "";
}

if (filters) count().catch(() => {});
