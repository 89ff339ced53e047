import { followed, isAble, isNothing, reason, Refused, send, subscribed, subscription } from "./push";

/** A page of a receipt or a person: this browser is told of it, where a browser can be told. */
export function startReceipt(box: HTMLElement): void {
  if (!isAble()) return;
  const find = <T extends HTMLElement>(what: string): T => box.querySelector<T>(what)!;
  const state = find("[data-receipt-state]");
  const on = find<HTMLButtonElement>("[data-receipt-on]");
  const off = find<HTMLButtonElement>("[data-receipt-off]");
  const { receipt, code, csrf, language, door, ...words } = box.dataset as Record<string, string>;

  box.hidden = false;
  on.addEventListener("click", () => void attempt(follow));
  off.addEventListener("click", () => void attempt(leave));
  followed().then(
    ({ receipts, persons }) => [...receipts, ...persons].includes(receipt!) && show(true),
    () => undefined, // not known: whoever asks again is told again
  );

  async function follow(): Promise<void> {
    const made = (await subscribed()).toJSON();
    const now = await send("POST", door!, { subscription: made, language, code }, csrf);
    if (now.is_answered && !("answered" in words)) location.reload();
    show(true, off);
  }

  async function leave(): Promise<void> {
    const made = await subscription();
    const left = made && (await send("DELETE", door!, { endpoint: made.endpoint, code }, csrf));
    if (left && isNothing(left)) await made.unsubscribe();
    show(false, on);
  }

  async function attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      if (error instanceof Refused && error.message === "NothingToWaitFor") location.reload();
      state.textContent = reason(error, words);
    }
  }

  /** `next`: the button that takes the place of the one that was pressed. */
  function show(isOn: boolean, next?: HTMLButtonElement): void {
    on.hidden = isOn;
    off.hidden = !isOn;
    state.textContent = isOn ? words.on! : words.off!;
    next?.focus();
  }
}
