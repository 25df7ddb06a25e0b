// One key per decision, only while the focus is inside one item of the queue (WCAG 2.1.4): n accepts, s corrects, t sends back,
// j and k go to the next and the one before. After a decision by key the focus comes back to the first item.
const BACK = "mangnon-queue";

export function start(queue) {
  const items = [...queue.querySelectorAll("[data-item]")];
  const go = (item) => item && item.querySelector("a").focus();
  if (sessionStorage.getItem(BACK)) {
    sessionStorage.removeItem(BACK);
    go(items[0]);
  }
  queue.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const number = items.indexOf(item);
    if (event.key === "j") return go(items[number + 1]);
    if (event.key === "k") return go(items[number - 1]);
    const button = item.querySelector(`[data-key="${event.key}"] button, a[data-key="${event.key}"], input[data-key="${event.key}"]`);
    if (button) {
      event.preventDefault();
      if (event.key === "n") sessionStorage.setItem(BACK, "1");
      button.click();
    }
  });
}
