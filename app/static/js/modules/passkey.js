// Passkeys: makes one (data-offer) or signs in with one (data-ask), and sends the answer with the form it stands on.
// Stays hidden where the browser has none. Binary parts travel as base64url text.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const read = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const key of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) key.id = bytes(key.id);
  return options;
};

const written = (key) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = text(key.response[name]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
};

const make = async (form) => navigator.credentials.create({ publicKey: read(JSON.parse(form.dataset.offer)) });

const ask = async (form) => {
  const offer = await fetch(form.dataset.ask, { method: "POST", body: new FormData(form) });
  return navigator.credentials.get({ publicKey: read(await offer.json()) });
};

export function start(form) {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.answer.value = written(await (form.dataset.offer ? make(form) : ask(form)));
      form.submit();
    } catch {
      form.querySelector("[data-failed]").hidden = false;
    }
  });
}
