// Starts the small modules a data-module attribute names. Each lives in modules/<name>.js and exports start(element).
const modules = document.querySelectorAll("[data-module]");
for (const element of modules) {
  const version = document.documentElement.dataset.version || "";
  for (const name of element.dataset.module.split(" ")) {
    import(`./modules/${name}.js?v=${version}`).then((module) => module.start(element));
  }
}

// On a phone the page one is at may lie beyond the edge of its row of links.
document.querySelector(".submenu [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
