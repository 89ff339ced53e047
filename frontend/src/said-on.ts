/** The day on which a button was pressed, by this device: what is sent later is still of that day. */

document.addEventListener(
  "submit",
  (event) => {
    const field = (event.target as HTMLFormElement).querySelector<HTMLInputElement>("[data-said-on]");
    if (!field) return;
    const now = new Date();
    const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    field.value = parts.map((part) => String(part).padStart(2, "0")).join("-");
  },
  true, // before the outbox copies the fields
);
