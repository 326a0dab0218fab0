// Review by keyboard. What a key does stands in the markup: data-key on links, buttons and folds;
// a status or a verdict has its own key, and says by its name whether the next answer follows.

const form = document.getElementById("decision");
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const VERDICTS = { a: "agree", d: "disagree", u: "unclear" };
let saving = Promise.resolve();

// Words of the page, by their name there, or of the server.
function say(words, isProblem = false) {
  const status = form.querySelector(".save-status");
  status.textContent = status.dataset[words] ?? words;
  status.classList.toggle("problem", isProblem);
}

async function post(then) {
  const body = new FormData(form);
  if (then) body.set("then", then);
  const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (response.redirected || !response.headers.get("Content-Type")?.includes("json")) throw new Error();
  const told = await response.json();
  if (told.problem) return say(told.problem, true);
  form.elements.seen.value = told.seen;
  if (then) location.assign(told.onward);
  else say("saved");
}

// One after the other: each has to know what the one before it decided.
function save(then) {
  say("saving");
  saving = saving.then(() => post(then)).catch(() => say("failed", true));
}

function check(name, value, then) {
  const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
  radio.checked = true;
  save(then);
}

function write(name) {
  const field = form.elements[name];
  const fold = field.closest("details");
  if (fold) fold.open = true;
  field.focus();
}

function press(key) {
  const marked = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key.split(" ").includes(key),
  );
  if (marked) return marked.click(), true;
  if (!form) return false;
  const statuses = form.querySelectorAll("input[name=status]");
  if (/^[1-9]$/.test(key) && statuses[key - 1]) return check("status", statuses[key - 1].value, "next"), true;
  if (VERDICTS[key]) return check("verdict", VERDICTS[key]), true;
  if (key === "e" || key === "c") return write(key === "e" ? "note" : "correction"), true;
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
  if (press(event.key)) event.preventDefault();
});

form?.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "next") return;
  event.preventDefault();
  save("next");
});

document.querySelector(".review-thread .thread-message-rated")?.scrollIntoView({ block: "nearest" });
