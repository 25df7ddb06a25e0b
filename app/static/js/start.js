// Before anything is drawn: tells the style sheet that scripts run, and follows the system's dark unless a theme was chosen.
const root = document.documentElement;
root.classList.add("js");
if (!root.dataset.bsTheme) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", follow);
  follow();
}
