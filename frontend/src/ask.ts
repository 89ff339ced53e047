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
    void ask(question, room, form, talk);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-try]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      void ask(button.value, room, form, talk);
      box.focus();
    });
  talk.addEventListener("submit", giveOpinion);
}

/** One question and its answer, at the end of the conversation. */
async function ask(
  question: string, room: HTMLElement, form: HTMLFormElement, talk: HTMLElement,
): Promise<void> {
  talk.hidden = false;
  document.querySelector<HTMLElement>("[data-tries]")?.setAttribute("hidden", "");
  turn(talk, room.dataset.you!, "tx-ask-turn tx-ask-turn--you").appendChild(paragraph(question));
  const answer = turn(talk, room.dataset.assistant!, "tx-ask-turn");
  const waiting = answer.appendChild(paragraph(room.dataset.wait!));
  answer.setAttribute("aria-busy", "true");
  const sent = new FormData(form);
  sent.set("question", question);
  try {
    for await (const line of lines(room.dataset.stream!, sent)) {
      if (!line.html) continue;
      waiting.remove();
      if (line.event === "refused") answer.appendChild(paragraph(line.html));
      else answer.insertAdjacentHTML("beforeend", line.html);
    }
    if (waiting.isConnected) throw new Error("nothing came");
  } catch {
    waiting.remove();
    answer.appendChild(paragraph(`${room.dataset.failed!} ${room.dataset.number!}`));
  }
  answer.removeAttribute("aria-busy");
  answer.previousElementSibling?.scrollIntoView({ block: "start", behavior: calm() });
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
