// A form with data-passkey asks the browser for a passkey and sends what it answers. Without scripts, or where the
// browser knows no passkeys, the form stays hidden: password and code always work.
"use strict";
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const known = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!known) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const options = JSON.parse(form.dataset.passkey);
    try {
      const found = form.dataset.makes
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(found.toJSON());
      form.submit();
    } catch {
      form.querySelector("[role=status]").hidden = false;
    }
  });
}
