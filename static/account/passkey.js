// Creates a passkey, or signs with one, as the form's data-passkey says, and sends it with the form.

const form = document.querySelector("form[data-passkey]");
const problem = form.querySelector("[data-passkey-failed]");
const data = JSON.parse(document.getElementById("passkey-options").textContent);

async function credential() {
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(data.creation_options.publicKey);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(data.request_options.publicKey);
  return navigator.credentials.get({ publicKey });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await credential());
    form.submit();
  } catch {
    problem.hidden = false; // refused by the person, or by the browser
  }
});

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  form.hidden = false;
  document.querySelector("[data-passkey-unavailable]").hidden = true;
}
