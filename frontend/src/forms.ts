import { startOffline } from "./offline";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-offline]")) startOffline(form);
