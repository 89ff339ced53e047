// A form's rules as the page brings them, and answers as a tree that follows the form: the browser's
// half of tongxin/questionnaires/answers.py. The JSON is made by browser_rules.py.
import { compare, same, type Value } from "./form-values";

export interface Constraint {
  key: string;
  text: string;
  human: string;
  isError: boolean;
}

export interface Limits {
  minValue?: Value;
  maxValue?: Value;
  minLength?: number;
  maxLength?: number;
  maxDecimalPlaces?: number;
  maxOccurs?: number;
  regex?: string;
}

export interface Item {
  linkId: string;
  number: number;
  type: string;
  repeats?: boolean;
  hidden?: boolean;
  fixed?: boolean;
  options?: Value[];
  exclusive?: [place: number, words: string][];
  labels?: string[];
  hasSet?: boolean;
  computedOptions?: boolean;
  units?: Record<string, string>[];
  initial?: Value[];
  conditions?: [question: string, operator: string, value: Value][];
  any?: boolean;
  enabledBy?: string;
  calculated?: string;
  variables?: [name: string, text: string][];
  constraints?: Constraint[];
  limits?: Limits;
  items?: Item[];
}

export interface Form {
  canonical?: string;
  offset: string;
  items: Item[];
  variables?: [name: string, text: string][];
  launch?: string[];
  constraints?: Constraint[];
  hasExpressions?: boolean;
  needsServer?: boolean;
  words: Record<string, string>;
  raw?: unknown;
}

export interface Reply {
  value: Value;
  items: Given[];
}

export interface Given {
  item: Item;
  replies: Reply[];
  items: Given[];
  isEnabled: boolean;
}

export const KINDS: Record<string, string> = {
  boolean: "Boolean", decimal: "Decimal", integer: "Integer", date: "Date", dateTime: "DateTime",
  time: "Time", string: "String", text: "String", url: "Uri", choice: "Coding",
  "open-choice": "Coding", attachment: "Attachment", reference: "Reference", quantity: "Quantity",
};

export const isQuestion = (item: Item): boolean => item.type in KINDS;
export const isChoice = (item: Item): boolean => item.type === "choice" || item.type === "open-choice";

/** The kinds of value that answer a question. */
export function kindsOf(item: Item): Set<string> {
  if (!isChoice(item)) return new Set(isQuestion(item) ? [KINDS[item.type]!] : []);
  const found = new Set((item.options ?? []).map(([kind]) => kind));
  if (!found.size || item.hasSet) found.add("Coding");
  if (item.type === "open-choice") found.add("String");
  return found;
}

export const given = (item: Item, items: Given[] = []): Given => ({
  item, items, replies: [], isEnabled: true,
});

export const blank = (items: Item[] = []): Given[] =>
  items.map((item) => given(item, item.type === "group" ? blank(item.items) : []));

export const isAnswered = (one: Given): boolean =>
  one.replies.length > 0 || one.items.some(isAnswered);

export function* walk(tree: Given[]): Generator<Given> {
  for (const one of tree) {
    yield one;
    yield* walk(one.items);
    for (const reply of one.replies) yield* walk(reply.items);
  }
}

/** Replace what is answered; what is asked below an answer that stays is kept. */
export function answer(one: Given, values: Value[]): void {
  const kept = new Map(one.replies.map((reply) => [JSON.stringify(reply.value), reply]));
  one.replies = values.map(
    (value) => kept.get(JSON.stringify(value)) ?? { value, items: blank(one.item.items) },
  );
}

/** The `item` of a QuestionnaireResponse: what is enabled and answered. */
export function responseItems(tree: Given[], nodes?: Map<Given, object>): Record<string, any>[] {
  const listed: Record<string, any>[] = [];
  for (const one of tree) {
    if (!one.isEnabled || !isAnswered(one)) continue;
    const node: Record<string, any> = { linkId: one.item.linkId };
    if (one.replies.length)
      node.answer = one.replies.map((reply) => {
        const below = responseItems(reply.items, nodes);
        const said = { [`value${reply.value[0]}`]: reply.value[1] };
        return below.length ? { ...said, item: below } : said;
      });
    else {
      const below = responseItems(one.items, nodes);
      if (!below.length) continue;
      node.item = below;
    }
    nodes?.set(one, node);
    listed.push(node);
  }
  return listed;
}

const ORDERS: Record<string, (order: number) => boolean> = {
  ">": (order) => order > 0,
  "<": (order) => order < 0,
  ">=": (order) => order >= 0,
  "<=": (order) => order <= 0,
};

/** Whether one line of enableWhen holds; `!=` holds for no answer at all, as R4 says. */
export function isMet(operator: string, wanted: Value, answers: Value[]): boolean {
  if (operator === "exists") return answers.length > 0 === wanted[1];
  if (operator === "=") return answers.some((one) => same(one, wanted));
  if (operator === "!=") return !answers.some((one) => same(one, wanted));
  return answers.some((one) => {
    const order = compare(one, wanted);
    return order !== null && ORDERS[operator]!(order);
  });
}
