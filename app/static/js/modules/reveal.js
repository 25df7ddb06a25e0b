// A button that shows what is typed in a password box, and hides it again. Without scripts there is none.
export function start(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link px-0";
  button.setAttribute("aria-controls", box.id);
  const say = () => { button.textContent = box.type === "password" ? box.dataset.show : box.dataset.hide; };
  button.addEventListener("click", () => { box.type = box.type === "password" ? "text" : "password"; say(); });
  if (box.form) box.form.addEventListener("submit", () => { box.type = "password"; });
  say();
  box.after(button);
}
