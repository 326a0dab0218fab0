// The numbers beside the filters: asked for once the page is there, and left out if they don't come.

const filters = document.querySelector("[data-counts]");

async function count() {
  const address = new URL(filters.dataset.counts, document.baseURI);
  const known = {};
  for (let left = [""]; left.length; ) {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const told = await response.json();
    show(Object.assign(known, told.numbers), told.note);
    left = told.left;
    address.searchParams.delete("beside");
    for (const name of left) address.searchParams.append("beside", name);
  }
  filters.dataset.counted = "";
}

function show(numbers, note) {
  for (const place of filters.querySelectorAll("[data-choice]")) place.textContent = numbers[place.dataset.choice] ?? "";
  if (note) filters.querySelector("[data-note]").textContent = note;
  filters.querySelector("[data-without-script]").hidden = true;
}

if (filters) count().catch(() => {});
