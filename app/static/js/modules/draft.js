// Keeps a long form on the server while one types, some seconds after the last key; the server alone can read it again.
const REST = 2500;

export function start(form) {
  let timer, last = "", sending = null;
  const content = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("draft_page", form.dataset.page);
    return data;
  };
  const keep = () => {
    const data = content(), now = JSON.stringify([...data]);
    if (now === last) return;
    last = now;
    sending = new AbortController();
    fetch(form.dataset.draft, { method: "POST", body: data, redirect: "error", signal: sending.signal }).catch(() => { last = ""; });
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, REST); });
  form.addEventListener("submit", () => { clearTimeout(timer); sending?.abort(); });
}
