import { ForMe } from "./guidance-for-me";
import { startWords } from "./guidance-words";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-words]")) startWords(form);
const forMe = document.querySelector<HTMLElement>('[data-page="for-me"]');
if (forMe) void new ForMe(forMe).start();
