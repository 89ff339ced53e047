// The conversation: the same answers as the form gives without JavaScript, as they come.

const KEPT = ["circumstance", "place"];
const KEY = "tongxin-ask-about";

interface Line {
  event: "heard" | "reply" | "refused" | "end";
  html: string;
}

const room = document.querySelector<HTMLElement>("[data-ask]");
const form = document.querySelector<HTMLFormElement>("[data-ask-form]");
const talk = document.querySelector<HTMLElement>("[data-conversation]");
if (room && form && talk) start(room, form, talk);

function start(room: HTMLElement, form: HTMLFormElement, talk: HTMLElement): void {
  const box = form.querySelector<HTMLTextAreaElement>("textarea")!;
  remember(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (!question) return;
    box.value = "";
    const sent = new FormData(form);
    sent.set("question", question);
    void ask(question, sent, room, form, talk);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-try]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const sent = new FormData(form);
      sent.set("question", button.value);
      void ask(button.value, sent, room, form, talk);
      box.focus();
    });
  talk.addEventListener("submit", giveOpinion);
  talk.addEventListener("submit", (event) => {
    const pressed = event.target as HTMLFormElement;
    if (!("check" in pressed.dataset)) return;
    event.preventDefault();
    const sent = new FormData(pressed, event.submitter);
    for (const name of KEPT) sent.set(name, String(new FormData(form).get(name) ?? ""));
    void ask(spoken(pressed, event.submitter), sent, room, form, talk, true);
  });
}

/** What an answer by button says: what was ticked or typed, else the words on the button. */
function spoken(form: HTMLFormElement, button: HTMLElement | null): string {
  const words = (one: Element | null): string => {
    const letter = one?.querySelector(".tx-ask-check__letter")?.textContent ?? "";
    return one?.textContent?.trim().slice(letter.length).trim() ?? "";
  };
  if (button?.getAttribute("name")) return words(button);
  const ticked = [...form.querySelectorAll("input:checked")].map((one) => words(one.parentElement));
  const typed = form.querySelector<HTMLInputElement>("input[type=text]")?.value.trim();
  return ticked.join(", ") || typed || words(button);
}

/** One question and its answer, at the end of the conversation. */
async function ask(
  question: string, sent: FormData, room: HTMLElement, form: HTMLFormElement, talk: HTMLElement,
  byButton = false,
): Promise<void> {
  talk.hidden = false;
  document.querySelector<HTMLElement>("[data-tries]")?.setAttribute("hidden", "");
  turn(talk, room.dataset.you!, "tx-ask-turn tx-ask-turn--you").appendChild(paragraph(question));
  const answer = turn(talk, room.dataset.assistant!, "tx-ask-turn");
  const waiting = answer.appendChild(paragraph(room.dataset.wait!));
  answer.setAttribute("aria-busy", "true");
  try {
    for await (const line of lines(room.dataset.stream!, sent)) {
      if (!line.html) continue;
      waiting.remove();
      if (line.event === "refused") answer.appendChild(paragraph(line.html));
      else answer.insertAdjacentHTML("beforeend", line.html);
    }
    if (waiting.isConnected) throw new Error("nothing came");
    if (answer.querySelector(".tx-ask-reply")) goOn(answer, form, talk, byButton);
  } catch {
    waiting.remove();
    answer.appendChild(paragraph(`${room.dataset.failed!} ${room.dataset.number!}`));
  }
  answer.removeAttribute("aria-busy");
  answer.previousElementSibling?.scrollIntoView({ block: "start", behavior: calm() });
}

/** The self-check goes on from its newest question; those before it are over. */
function goOn(
  answer: HTMLElement, form: HTMLFormElement, talk: HTMLElement, byButton: boolean,
): void {
  const turn = answer.querySelector<HTMLElement>("[data-check-state]");
  (form.elements.namedItem("check") as HTMLInputElement).value = turn?.dataset.checkState ?? "";
  for (const old of talk.querySelectorAll("form[data-check]"))
    if (!answer.contains(old)) old.remove();
  if (byButton) answer.querySelector<HTMLElement>("[data-check-asks]")?.focus({ preventScroll: true });
}

/** The lines of an answer, each as soon as it has arrived. */
async function* lines(address: string, sent: FormData): AsyncGenerator<Line> {
  const body = new URLSearchParams([...sent].map(([name, value]) => [name, String(value)]));
  const response = await fetch(address, { method: "POST", body });
  if (!response.body) throw new Error("no body");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let left = "";
  for (;;) {
    const { done, value } = await reader.read();
    left += decoder.decode(value, { stream: !done });
    const whole = left.split("\n");
    left = whole.pop()!;
    for (const line of whole) if (line) yield JSON.parse(line) as Line;
    if (done) return;
  }
}

function turn(talk: HTMLElement, who: string, kind: string): HTMLElement {
  const added = document.createElement("div");
  added.className = kind;
  const name = document.createElement("span");
  name.className = "nhsuk-u-visually-hidden";
  name.textContent = `${who}: `;
  added.appendChild(name);
  return talk.appendChild(added);
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function calm(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** What was chosen about oneself stays in this browser and is filled in again. */
function remember(form: HTMLFormElement): void {
  const fields = KEPT.map((name) => form.elements.namedItem(name) as HTMLInputElement);
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, string>;
    for (const field of fields) if (!field.value) field.value = kept[field.name] ?? "";
    form.addEventListener("change", () => {
      const said = Object.fromEntries(fields.map((field) => [field.name, field.value]));
      localStorage.setItem(KEY, JSON.stringify(said));
    });
  } catch {
    // A browser that keeps nothing: the fields work all the same.
  }
}

async function giveOpinion(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!("opinion" in form.dataset)) return;
  event.preventDefault();
  const sent = new URLSearchParams({
    about: (form.elements.namedItem("about") as HTMLInputElement).value,
    kind: (event.submitter as HTMLButtonElement).value,
  });
  const headers = { Accept: "application/json" };
  const response = await fetch(form.action, { method: "POST", body: sent, headers });
  if (response.ok) form.replaceWith(paragraph(form.dataset.thanks!));
  else form.submit();
}
