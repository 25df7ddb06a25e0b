// Away at once: the page goes blank and the calendar takes its place in the history, while the session ends behind it.
// Esc three times within a second does the same.
export function start(form) {
  const leave = () => {
    navigator.sendBeacon(form.action, new FormData(form));
    document.body.replaceChildren();
    document.title = " ";
    window.location.replace(form.dataset.to);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses.filter((at) => event.timeStamp - at < 1000), event.timeStamp];
    if (presses.length === 3) leave();
  });
}
