import { startAge } from "./age";
import { startAlerts } from "./alerts";
import { startClaims } from "./claims";
import { startLive } from "./live";
import { startSearch } from "./search";
import { startThemeSwitch } from "./theme-switch";

startThemeSwitch();
for (const box of document.querySelectorAll<HTMLElement>("[data-search]")) startSearch(box);
for (const box of document.querySelectorAll<HTMLElement>("[data-alerts]")) void startAlerts(box);
startLive();
startClaims();
startAge();
document.addEventListener("tongxin:swapped", startAge);

const past = document.querySelector<HTMLElement>("[data-past-release]");
if (past && location.pathname.startsWith("/releases/")) past.hidden = false;
