// Keyboard shortcuts of the review page. data-key in the markup names the key of a link, button or
// fold; digits set the status and go on to the next answer, letters set the verdict.

const form = document.getElementById("decision");
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const VERDICTS = { a: "agree", d: "disagree", u: "unclear" };
let saving = Promise.resolve();

// Shows a text of the page by its name (saving, saved, failed), or the server's text.
function showStatus(words, isProblem = false) {
  const status = form.querySelector(".save-status");
  status.textContent = status.dataset[words] ?? words;
  status.classList.toggle("problem", isProblem);
}

async function post(then) {
  const body = new FormData(form);
  if (then) body.set("then", then);
  const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (response.redirected || !response.headers.get("Content-Type")?.includes("json")) throw new Error();
  const result = await response.json();
  if (result.problem) return showStatus(result.problem, true);
  form.elements.seen.value = result.seen;
  if (then) location.assign(result.onward);
  else showStatus("saved");
}

// One request at a time: each needs the revision that the one before returned.
function save(then) {
  showStatus("saving");
  saving = saving.then(() => post(then)).catch(() => showStatus("failed", true));
}

function check(name, value, then) {
  const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
  radio.checked = true;
  save(then);
}

function focusField(name) {
  const field = form.elements[name];
  const fold = field.closest("details");
  if (fold) fold.open = true;
  field.focus();
}

function handleKey(key) {
  const marked = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key.split(" ").includes(key),
  );
  if (marked) return marked.click(), true;
  if (!form) return false;
  const statuses = form.querySelectorAll("input[name=status]");
  if (/^[1-9]$/.test(key) && statuses[key - 1]) return check("status", statuses[key - 1].value, "next"), true;
  if (VERDICTS[key]) return check("verdict", VERDICTS[key]), true;
  if (key === "e" || key === "c") return focusField(key === "e" ? "note" : "correction"), true;
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const typing = event.target.closest?.(TYPING);
  if (typing && event.key === "Escape") typing.blur();
  if (typing && form?.contains(typing) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    typing.blur();
    save();
  }
  if (typing || event.ctrlKey || event.metaKey || event.repeat) return;
  if (handleKey(event.key)) event.preventDefault();
});

form?.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "next") return;
  event.preventDefault();
  save("next");
});

document.querySelector(".review-thread .thread-message-rated")?.scrollIntoView({ block: "nearest" });
