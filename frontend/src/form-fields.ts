// The fields of a page as a tree of answers: the browser's half of tongxin/questionnaires/fields.py.
import {
  type Form, type Given, given, isChoice, type Item, kindsOf, KINDS, type Reply,
} from "./form-tree";
import { isDateTime, isWellMade, readNumber, same, unitOf, type Value } from "./form-values";

const MOST_REPEATS = 200;

/** What stands in the fields, by name. */
export type Fields = Map<string, string[]>;

/** Answers, and the fields whose text makes none. */
export interface Read {
  tree: Given[];
  mistyped: Set<Given>;
}

export const nameOf = (item: Item, path: string): string => `q${item.number}${path}`;

/** The way into one repetition of a group. */
export const repetition = (path: string, place: number, item: Item): string =>
  item.repeats ? `${path}-${place}` : path;

/** The way to what is asked below one answer. */
export function below(item: Item, path: string, place: number, reply: Reply): string {
  return isChoice(item) ? `${path}-c${optionPlace(item, reply.value)}` : `${path}-${place}`;
}

/** Which option a value is; one more than the last where it is none. */
export function optionPlace(item: Item, value: Value): number {
  const found = (item.options ?? []).findIndex((option) => same(option, value));
  return found < 0 ? (item.options ?? []).length : found;
}

export function readFields(form: Form, fields: Fields): Read {
  const mistyped = new Set<Given>();
  const texts = (name: string): string[] =>
    (fields.get(name) ?? [])
      .slice(0, MOST_REPEATS)
      .map((text) => text.replaceAll("\r\n", "\n").trim())
      .filter(Boolean);

  function level(items: Item[] = [], path: string): Given[] {
    return items.flatMap((item) => {
      if (item.type !== "group" || !item.repeats) return [one(item, path)];
      const count = Math.trunc(readNumber(fields.get(`n${nameOf(item, path)}`)?.[0] ?? "") ?? 1) || 1;
      const places = Math.max(1, Math.min(count, MOST_REPEATS));
      return Array.from({ length: places }, (_, place) => one(item, repetition(path, place, item)));
    });
  }

  function one(item: Item, path: string): Given {
    const made = given(item);
    if (item.type === "group") made.items = level(item.items, path);
    else if (item.hidden)
      made.replies = (item.repeats ? item.initial ?? [] : (item.initial ?? []).slice(0, 1))
        .map((value) => fitting(item, value))
        .flatMap((value) => (value ? [{ value, items: [] }] : []));
    else if (item.type !== "display") read(made, path);
    return made;
  }

  function read(made: Given, path: string): void {
    const { item } = made;
    const values: Value[] = [];
    for (const [value, text] of answers(item, nameOf(item, path))) {
      if (value && isWellMade(value)) values.push(value);
      else if (text) mistyped.add(made);
    }
    made.replies = (item.repeats ? values : values.slice(0, 1)).map((value, place) => {
      const reply: Reply = { value, items: [] };
      reply.items = item.items ? level(item.items, below(item, path, place, reply)) : [];
      return reply;
    });
  }

  /** Each answer with the text it was read from; the text alone where it is no answer. */
  function answers(item: Item, name: string): [Value | null, string][] {
    if (isChoice(item) && (item.options || item.computedOptions)) return chosen(item, name);
    if (item.type === "quantity") {
      const units = fields.get(`${name}-unit`) ?? [];
      return (fields.get(name) ?? []).slice(0, MOST_REPEATS).flatMap((text, place) => {
        if (!text.trim()) return [];
        const value = readNumber(text);
        const made = value === null ? null : { value, ...unit(item, units[place] ?? "") };
        return [[made && (["Quantity", made] as const), text] as [Value | null, string]];
      });
    }
    if (item.type === "attachment") {
      const kept = [...texts(name).map((title) => ({ title, data: "-" })), ...texts(`${name}-kept`).flatMap(json)];
      return kept.map((value) => [["Attachment", value], ""]);
    }
    return texts(name).map((text) => [typed(item, text, form.offset), text]);
  }

  function chosen(item: Item, name: string): [Value, string][] {
    const values: Value[] = [];
    for (const text of texts(name)) {
      const value = chosenValue(item, text);
      if (value && !values.some((other) => same(value, other))) values.push(value);
    }
    const own = texts(`${name}-own`)[0];
    if (item.type === "open-choice" && own) values.push(["String", own]);
    return values.map((value) => [value, ""]);
  }

  return { tree: level(form.items, ""), mistyped };
}

function unit(item: Item, chosen: string): Record<string, string> {
  const units = item.units ?? [];
  return units.find((one) => unitOf(one) === chosen) ?? (units.length === 1 ? units[0]! : {});
}

function json(text: string): any[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** The answer that a field of a choice stands for; null where it is none. */
function chosenValue(item: Item, text: string): Value | null {
  if (/^\d{1,5}$/.test(text)) return item.options?.[Number(text)] ?? null;
  const [key, value] = Object.entries((json(text)[0] ?? {}) as object)[0] ?? ["", null];
  const made: Value = [key.replace(/^value/, ""), value];
  return kindsOf(item).has(made[0]) && isWellMade(made) ? made : null;
}

/** One answer as it was typed; null where it cannot be one of this kind. */
function typed(item: Item, text: string, offset: string): Value | null {
  const number = readNumber(text);
  switch (item.type) {
    case "boolean":
      return text === "true" || text === "false" ? ["Boolean", text === "true"] : null;
    case "decimal":
      return number === null ? null : ["Decimal", number];
    case "integer":
      return number === null || !Number.isInteger(number) ? null : ["Integer", number];
    case "date":
      return ["Date", text.replaceAll("/", "-")];
    case "dateTime":
      return dateTime(text, offset);
    case "time":
      return ["Time", text.length === 5 ? `${text}:00` : text];
    case "reference":
      return ["Reference", text.includes("/") ? { reference: text } : { display: text }];
  }
  if (!isChoice(item)) return [KINDS[item.type]!, text];
  return kindsOf(item).has("String") ? ["String", text] : ["Coding", { display: text }];
}

/** A day and a time at the place where it is typed, or FHIR's own way of writing. */
function dateTime(text: string, offset: string): Value | null {
  if (isDateTime(text)) return ["DateTime", text];
  const local = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?$/.exec(text);
  return local ? ["DateTime", `${local[1]}T${local[2]}${local[3] ?? ":00"}${offset}`] : null;
}

/** The value as an answer to this item; a whole number is a decimal too. Null if it is none. */
export function fitting(item: Item, value: Value): Value | null {
  if (kindsOf(item).has(value[0])) return value;
  return value[0] === "Integer" && item.type === "decimal" ? ["Decimal", value[1]] : null;
}
