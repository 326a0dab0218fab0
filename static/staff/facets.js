// Load the facets (numbers beside the filters) after the page; on an error they are left out.

const filters = document.querySelector("[data-facets]");

async function loadFacets() {
  const response = await fetch(filters.dataset.facets, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) return;
  const { numbers, note } = await response.json();
  for (const facet of filters.querySelectorAll("[data-choice]")) facet.textContent = numbers[facet.dataset.choice] ?? "";
  filters.querySelector("[data-note]").textContent = note;
  filters.querySelector("[data-without-script]").hidden = true;
  filters.dataset.facetsLoaded = "";
}

if (filters) loadFacets().catch(() => {});
