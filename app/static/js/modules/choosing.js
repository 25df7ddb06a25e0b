// Ticks in front of the lines of a list: the whole page by one click (again: none), and how many there are. The list may be
// put in place anew by another script, so everything is asked of the part around it.
export function start(part) {
  const boxes = () => [...part.querySelectorAll("input[data-tick]")];
  const tell = () => {
    const count = boxes().filter((box) => box.checked).length;
    for (const place of part.querySelectorAll("[data-ticked]")) place.textContent = place.dataset.ticked.replace("{count}", count);
  };
  part.addEventListener("change", tell);
  part.addEventListener("click", (event) => {
    if (!event.target.closest("[data-tick-all]")) return;
    event.preventDefault();
    const some = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = some;
    tell();
  });
  tell();
}
