// Search as one types: sends the form in the background and puts the answered part in its place.
export function start(form) {
  const box = form.querySelector("input[type=search]");
  const results = document.getElementById(form.dataset.results);
  let timer, last = box.value, asked = 0;
  const ask = async () => {
    if (box.value === last) return;
    last = box.value;
    const turn = ++asked;
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Fragment": "results" },
    });
    if (answer.ok && turn === asked) results.innerHTML = await answer.text();
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 250); });
}
