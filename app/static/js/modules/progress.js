// Renews the progress of a job in place of the page's own refresh, and goes on to its result.
export function start(element) {
  const renew = async () => {
    const answer = await fetch(element.dataset.address, { headers: { "X-Progress": "1" } }).catch(() => null);
    if (answer === null) return setTimeout(renew, 3000);
    if (!answer.ok || answer.status === 204) return window.location.assign(element.dataset.address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh || !fresh.dataset.module) return window.location.assign(element.dataset.address);
    element.replaceChildren(...fresh.children);
    return setTimeout(renew, 1000);
  };
  setTimeout(renew, 1000);
}
