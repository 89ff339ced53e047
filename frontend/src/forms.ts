// Pages with a form: kept when there is no network, answered at once where the form has rules.
import { startRepeats } from "./form-repeat";
import type { Form } from "./form-tree";
import { startOffline } from "./offline";
import "./said-on";

const rules = document.getElementById("form-rules")?.textContent;

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-offline]")) {
  startRepeats(form);
  startOffline(form, rules ? behave(form, JSON.parse(rules) as Form) : Promise.resolve());
}

async function behave(form: HTMLFormElement, rules: Form): Promise<void> {
  const page = await import("./form-page");
  await page.startRules(form, rules);
}
