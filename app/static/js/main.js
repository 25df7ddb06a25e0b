// Starts one small module per data-module attribute. Each lives in modules/<name>.js and exports start(element).
const modules = document.querySelectorAll("[data-module]");
for (const element of modules) {
  const name = element.dataset.module;
  const version = document.documentElement.dataset.version || "";
  import(`./modules/${name}.js?v=${version}`).then((module) => module.start(element));
}
