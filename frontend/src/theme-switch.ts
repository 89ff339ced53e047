const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark(): boolean {
  return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
}

/** Shows the button that turns the page dark or light, and remembers what was chosen. */
export function startThemeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  if (!button) return;
  const show = () => {
    button.textContent = (isDark() ? button.dataset.light : button.dataset.dark) ?? "";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Not remembered then; the page still turns.
    }
    show();
  });
  system.addEventListener("change", show);
  show();
  button.hidden = false;
}
