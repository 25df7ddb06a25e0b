// A long drop-down as a box to type in: without accents, any part of the words; arrows and Enter choose, Escape closes.
// The select itself stays in the form and carries the choice; without scripts it is what people use.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();

export function start(select) {
  const options = [...select.options].filter((option) => option.value).map((option) => ({ option, key: plain(option.text) }));
  const blank = [...select.options].find((option) => !option.value);
  const box = document.createElement("input");
  const list = document.createElement("ul");
  box.type = "text";
  box.className = `${select.className} pick-box`;
  box.autocomplete = "off";
  box.id = select.id;
  select.id = `${select.id}-choices`;
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) box.setAttribute(name, select.getAttribute(name));
  }
  list.id = `${box.id}-list`;
  list.className = "pick-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", (document.querySelector(`label[for="${CSS.escape(box.id)}"]`) || {}).textContent || box.id);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-autocomplete", "list");
  if (blank) box.placeholder = blank.text;
  select.hidden = true;
  select.after(box, list);

  let shown = [], at = -1;
  const tell = () => { box.value = select.selectedIndex >= 0 && select.value ? select.selectedOptions[0].text : ""; };
  const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (option) => {
    select.value = option ? option.value : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    tell();
    close();
  };
  const mark = (number) => {
    at = number;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    const item = list.children[at];
    if (item) { box.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  };
  const open = (words) => {
    const parts = plain(words).split(/\s+/).filter(Boolean);
    shown = options.filter(({ key }) => parts.every((part) => key.includes(part))).slice(0, 60);
    list.replaceChildren(...shown.map(({ option }, number) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.setAttribute("role", "option");
      item.textContent = option.text;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return item;
    }));
    list.hidden = !shown.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(words && shown.length ? 0 : -1);
  };
  box.addEventListener("input", () => open(box.value));
  box.addEventListener("click", () => open(""));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) mark((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(shown[at].option);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      tell();
      close();
    }
  });
  // Leaving the box takes the one marked; a box emptied is no choice; words that fit nothing give way to what was chosen.
  box.addEventListener("blur", () => {
    if (!list.hidden && at >= 0) choose(shown[at].option);
    else if (!box.value.trim() && blank) choose(null);
    else { tell(); close(); }
  });
  if (select.form) select.form.addEventListener("reset", () => setTimeout(tell));
  tell();
}
