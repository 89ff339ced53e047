// Values of FHIR's types in the browser, as tongxin/questionnaires/typed.py has them.

/** The ending of FHIR's `value…`, and what stands there. */
export type Value = readonly [kind: string, value: any];

const DATE = /^\d{4}(-\d\d(-\d\d)?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/;
const INSTANT =
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const LONGEST_TEXT = 20_000;
const isNumberKind = (kind: string): boolean => kind === "Integer" || kind === "Decimal";

export const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e18;

export function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !DATE.test(value)) return false;
  const [year, month, day] = `${value}-01-01`.slice(0, 10).split("-").map(Number);
  const made = new Date(Date.UTC(2000, month! - 1, day!));
  made.setUTCFullYear(year!, month! - 1, day!);
  return year! > 0 && made.getUTCMonth() === month! - 1 && made.getUTCDate() === day;
}

export const isDateTime = (value: unknown): boolean =>
  isDate(value) ||
  (typeof value === "string" && INSTANT.test(value) && isDate(value.slice(0, 10)));

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= LONGEST_TEXT;

const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasTexts = (value: unknown, names: string[]): value is Record<string, any> =>
  isObject(value) && names.every((name) => value[name] === undefined || isText(value[name]));

const CHECKS: Record<string, (value: any) => boolean> = {
  Boolean: (value) => typeof value === "boolean",
  Decimal: isNumber,
  Integer: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  Date: isDate,
  DateTime: isDateTime,
  Time: (value) => typeof value === "string" && TIME.test(value),
  String: isText,
  Uri: (value) => isText(value) && !/\s/.test(value),
  Coding: (value) =>
    hasTexts(value, ["system", "version", "code", "display"]) &&
    Boolean(value.code || value.display),
  Attachment: (value) => isObject(value) && Boolean(value.data || value.url),
  Reference: (value) =>
    hasTexts(value, ["reference", "type", "display"]) &&
    Boolean(value.reference || value.display || value.identifier),
  Quantity: (value) =>
    hasTexts(value, ["unit", "system", "code", "comparator"]) && isNumber(value.value),
};

export const isWellMade = ([kind, value]: Value): boolean => CHECKS[kind]?.(value) ?? false;

export const unitOf = (quantity: Record<string, any>): string =>
  String(quantity.code || quantity.unit || "");

/** Whether two answers are one: codings by code and system, quantities by number and unit. */
export function same(left: Value, right: Value): boolean {
  const [[kind, one], [other, two]] = [left, right];
  if (isNumberKind(kind) && isNumberKind(other)) return one === two;
  const isPlain = (name: string) => ["String", "Uri", "Date", "Time"].includes(name);
  if (kind !== other) return isPlain(kind) && isPlain(other) && one === two;
  if (kind === "Coding") {
    if (!one.code && !two.code) return one.display === two.display;
    return one.code === two.code && (!one.system || !two.system || one.system === two.system);
  }
  if (kind === "Quantity") return compare(left, right) === 0;
  if (kind === "Reference") return one.reference === two.reference;
  return typeof one === "object" ? JSON.stringify(one) === JSON.stringify(two) : one === two;
}

/** -1, 0 or 1; null where the two cannot be told apart or put in order. */
export function compare(left: Value, right: Value): number | null {
  const [[kind, one], [other, two]] = [left, right];
  if (isNumberKind(kind) && isNumberKind(other)) return order(one, two);
  const isMoment = (name: string) => name === "Date" || name === "DateTime";
  if (isMoment(kind) && isMoment(other)) return moments(one, two);
  if (kind !== other) return null;
  if (kind === "Quantity") return unitOf(one) === unitOf(two) ? order(one.value, two.value) : null;
  return ["Time", "String", "Uri"].includes(kind) ? order(one, two) : null;
}

function moments(first: string, second: string): number | null {
  if (first.includes("T") && second.includes("T"))
    return order(Date.parse(first), Date.parse(second));
  const length = Math.min(first.length, second.length, 10);
  const found = order(first.slice(0, length), second.slice(0, length));
  return found === 0 && first.slice(0, 10).length !== second.slice(0, 10).length ? null : found;
}

const order = <T extends string | number>(left: T, right: T): number =>
  Number(left > right) - Number(left < right);

const WIDE = "０１２３４５６７８９．，－";
const NARROW = "0123456789.,-";

/** A number as people type it: full-width digits and a decimal comma too; null where it is none. */
export function readNumber(text: string): number | null {
  const narrow = [...text.trim()].map((letter) => NARROW[WIDE.indexOf(letter)] ?? letter).join("");
  const plain = narrow.replaceAll(",", ".");
  return /^[+-]?\d{1,18}(\.\d{0,12})?$/.test(plain) ? Number(plain) : null;
}
