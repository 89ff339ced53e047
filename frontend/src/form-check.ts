// What is wrong with answers, at once: the browser's half of checking.py, in the server's own words.
import { type Form, type Given, isChoice, type Item, kindsOf } from "./form-tree";
import type { Evaluation } from "./form-rules";
import { compare, same, unitOf, type Value } from "./form-values";

const LONGEST_MATCHED = 1000;

/** Sentences about one item: how its answers are written, and the form's own constraints. */
export function faults(evaluation: Evaluation, one: Given, isMistyped: boolean): string[] {
  const { form } = evaluation;
  const { item, replies } = one;
  const values = replies.map((reply) => reply.value);
  if (isMistyped) return [wrongKind(form, item)];
  const found: string[] = [];
  const most = item.limits?.maxOccurs;
  if (most !== undefined && values.length > most) found.push(words(form, "tooMany", { most }));
  const fault = values.map((value) => faultOf(form, item, value)).find(Boolean);
  if (fault) found.push(fault);
  for (const [place, option] of item.exclusive ?? [])
    if (values.length > 1 && values.some((value) => same(value, item.options![place]!)))
      found.push(words(form, "notTogether", { option }));
  for (const { text, human, key } of item.constraints ?? [])
    if (evaluation.truth(text, one) === false)
      found.push(human || words(form, "brokenRule", { key }));
  return found;
}

const words = (form: Form, name: string, facts: Record<string, unknown> = {}): string =>
  (form.words[name] ?? form.words.wrong!).replace(/\{(\w+)\}/g, (_, fact) => String(facts[fact]));

const wrongKind = (form: Form, item: Item): string => words(form, `wrong${[...kindsOf(item)][0]}`);

function faultOf(form: Form, item: Item, value: Value): string {
  if (isChoice(item)) return ""; // the page offers nothing else
  return lengthFault(form, item, value) || rangeFault(form, item, value) || numberFault(form, item, value);
}

function lengthFault(form: Form, { limits = {} }: Item, [kind, value]: Value): string {
  if (kind !== "String" && kind !== "Uri") return "";
  const length = [...value].length;
  if (limits.minLength && length < limits.minLength)
    return words(form, "tooShort", { least: limits.minLength });
  if (limits.maxLength !== undefined && length > limits.maxLength)
    return words(form, "tooLong", { most: limits.maxLength });
  if (!limits.regex || length > LONGEST_MATCHED) return "";
  try {
    return new RegExp(`^(?:${limits.regex})$`, "u").test(value) ? "" : words(form, "wrongForm");
  } catch {
    return ""; // written for another engine: the server decides
  }
}

function rangeFault(form: Form, { limits = {} }: Item, value: Value): string {
  const { minValue, maxValue } = limits;
  const isTime = ["Date", "DateTime", "Time"].includes(value[0]);
  if (minValue && compare(comparable(value, minValue), minValue) === -1)
    return words(form, isTime ? "tooEarly" : "tooSmall", { least: written(minValue) });
  if (maxValue && compare(comparable(value, maxValue), maxValue) === 1)
    return words(form, isTime ? "tooLate" : "tooBig", { most: written(maxValue) });
  return "";
}

/** A quantity against a plain number is compared by its number. */
function comparable(value: Value, bound: Value): Value {
  const isPlain = bound[0] === "Decimal" || bound[0] === "Integer";
  return value[0] === "Quantity" && isPlain ? ["Decimal", value[1].value] : value;
}

const written = ([kind, value]: Value): string =>
  kind === "Quantity" ? `${value.value} ${value.unit ?? unitOf(value)}`.trim() : String(value);

function numberFault(form: Form, { limits = {} }: Item, [kind, value]: Value): string {
  const most = limits.maxDecimalPlaces;
  if (most === undefined || (kind !== "Decimal" && kind !== "Quantity")) return "";
  const number: number = kind === "Quantity" ? value.value : value;
  const digits = number.toFixed(12).replace(/0+$/, "").split(".")[1]?.length ?? 0;
  if (digits <= most) return "";
  return most ? words(form, "tooFine", { most }) : words(form, "noDigits");
}
