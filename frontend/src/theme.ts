// Runs before the first paint: the remembered theme, and that scripts work.
const root = document.documentElement;
root.classList.add("js-enabled", "nhsuk-frontend-supported");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage may be closed to us; the system's theme stands.
}
