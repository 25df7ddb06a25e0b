// The menu button on small screens.
export function start(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const open = menu.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });
}
