// Applies filters as soon as one is chosen.
export function start(form) {
  form.addEventListener("change", () => form.requestSubmit());
}
