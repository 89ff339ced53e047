/**
 * What is asked and what is calculated, as the answers stand: the browser's half of evaluation.py
 * and enabling.py. It must decide as they do (tests/questionnaires/test_browser_rules.py), and where
 * it does not, the server's result counts.
 */
import type { Engine } from "./form-expressions";
import {
  answer, type Form, type Given, isMet, isQuestion, type Item, kindsOf, responseItems, walk,
} from "./form-tree";
import { isWellMade, same, type Value } from "./form-values";

const MOST_ROUNDS = 25;
const BY_LINK_ID =
  /(?:(%resource\.)|^\s*)repeat\(\s*item\s*\)\.where\(\s*linkId\s*=\s*'([^'`\\]+)'\s*\)/g;
const VARIABLE = /%(?:`([^`]*)`|'([^']*)'|([A-Za-z_][\w-]*))/g;
const [ANYWHERE, WITHIN] = ["anywhere ", "within "];
const KIND_ORDER = [
  "Boolean", "Integer", "Decimal", "Coding", "Quantity", "Reference", "Attachment", "Date",
  "DateTime", "Time", "Uri", "String",
];

/** The form contradicts itself, or an expression takes too long. */
export class DoesNotSettle extends Error {}

class Failed extends Error {}

type Scopes = (Given | Given["replies"][number] | null)[];

export class Evaluation {
  private readonly order: string[];
  private readonly failed = new Map<string, string>();
  private readonly declared: Set<string>;
  private of = new Map<string, [Given, Scopes][]>();
  private nearest = new Map<string, Map<unknown, Given[]>>();
  private above = new Map<Given, Given>();
  private nodes = new Map<Given, object>();
  private computed = new Map<Given | null, Map<string, unknown[]>>();
  private listed = new Map<Given | null, Map<string, unknown[]>>();
  private print = "";

  /** `engine`: null where the form has no expressions. */
  constructor(
    readonly form: Form,
    readonly tree: Given[],
    private readonly engine: Engine | null,
  ) {
    const items = [...inOrder(form.items)];
    this.order = conditionOrder(items);
    const variables = [...(form.variables ?? []), ...items.flatMap((item) => item.variables ?? [])];
    this.declared = new Set([...variables.map(([name]) => name), ...(form.launch ?? [])]);
    this.look();
  }

  /** Until nothing changes. Raises `DoesNotSettle`. */
  settle(): this {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.print;
      this.enable();
      this.calculate();
      this.look();
      if (this.print === before) return this;
    }
    throw new DoesNotSettle();
  }

  /** What an expression finds, seen from an item. An expression that fails finds nothing. */
  find(expression: string, seen: Given | null): unknown[] {
    if (!this.engine) return [];
    const text = expression.replace(BY_LINK_ID, (_, everywhere, linkId) =>
      `%\`${everywhere ? ANYWHERE : WITHIN}${linkId}\``);
    try {
      const variables: Record<string, unknown[]> = {};
      for (const [, quoted, single, plain] of text.matchAll(VARIABLE)) {
        const name = (quoted ?? single ?? plain)!;
        variables[name] ??= this.variable(name, seen);
      }
      return this.engine.find(text, this.node(seen), variables);
    } catch {
      this.failed.set(seen?.item.linkId ?? "", expression);
      return [];
    }
  }

  /** True or false as FHIRPath takes a collection; null where it is empty. */
  truth(expression: string, seen: Given | null): boolean | null {
    const first = (this.engine?.plain(this.find(expression, seen)) ?? [])[0];
    if (first === undefined) return null;
    return typeof first === "boolean" ? first : true;
  }

  private look(): void {
    this.nodes = new Map();
    const item = responseItems(this.tree, this.nodes);
    this.print = JSON.stringify(item);
    this.of = new Map();
    this.nearest = new Map();
    this.above = new Map();
    this.locate(this.tree, [null], null);
    this.computed = new Map();
    this.listed = new Map();
    const canonical = this.form.canonical ? { questionnaire: this.form.canonical } : {};
    this.engine?.look(
      { resourceType: "QuestionnaireResponse", ...canonical, status: "completed", item },
      this.form.raw,
    );
  }

  private locate(tree: Given[], scopes: Scopes, parent: Given | null): void {
    for (const one of tree) {
      const { linkId } = one.item;
      put(this.of, linkId, [one, scopes]);
      if (parent) this.above.set(one, parent);
      const near = this.nearest.get(linkId) ?? new Map<unknown, Given[]>();
      this.nearest.set(linkId, near);
      for (const scope of scopes) put(near, scope, one);
      this.locate(one.items, [...scopes, one], one);
      for (const reply of one.replies) this.locate(reply.items, [...scopes, one, reply], one);
    }
  }

  private node(seen: Given | null): unknown {
    const data = seen && (this.nodes.get(seen) ?? { linkId: seen.item.linkId });
    return this.engine!.node(data);
  }

  private enable(): void {
    for (const linkId of this.order)
      for (const [one, scopes] of this.of.get(linkId) ?? []) {
        const parent = this.above.get(one);
        one.isEnabled = (!parent || parent.isEnabled) && this.isAsked(one, scopes);
      }
  }

  private isAsked(one: Given, scopes: Scopes): boolean {
    const { conditions, any, enabledBy } = one.item;
    if (conditions) {
      const found = conditions.map(([question, operator, value]) =>
        isMet(operator, value, this.answers(question, scopes)));
      if (!(any ? found.some(Boolean) : found.every(Boolean))) return false;
    }
    if (!enabledBy) return true;
    const found = this.truth(enabledBy, one);
    // A question whose condition cannot be computed is rather asked than lost.
    return this.failed.get(one.item.linkId) === enabledBy || found === true;
  }

  /** The answers that count, of the nearest items of this linkId. */
  private answers(question: string, scopes: Scopes): Value[] {
    for (const scope of [...scopes].reverse()) {
      const found = this.nearest.get(question)?.get(scope);
      if (found)
        return found.filter((one) => one.isEnabled).flatMap((one) => one.replies.map((r) => r.value));
    }
    return [];
  }

  private variable(name: string, seen: Given | null): unknown[] {
    if (name.startsWith(ANYWHERE) || name.startsWith(WITHIN)) {
      const scope = name.startsWith(WITHIN) ? seen : null;
      if (!this.listed.has(scope))
        this.listed.set(scope, this.engine!.byLinkId(scope && (this.nodes.get(scope) ?? {})));
      return this.listed.get(scope)!.get(name.slice(name.indexOf(" ") + 1)) ?? [];
    }
    if (name === "resource") return [this.node(null)];
    if (name === "context") return [this.node(seen)];
    if (name === "questionnaire") return this.engine!.questionnaire();
    for (let scope: Given | null = seen; ; scope = this.above.get(scope) ?? null) {
      const declared = (scope ? scope.item.variables : this.form.variables) ?? [];
      const text = [...declared].reverse().find(([one]) => one === name)?.[1];
      if (text !== undefined) return this.value(name, text, scope);
      if (!scope) break;
    }
    if (["ucum", "sct", "loinc"].includes(name) || this.declared.has(name)) return this.known(name);
    throw new Failed(name);
  }

  private known(name: string): unknown[] {
    const systems: Record<string, string> = {
      ucum: "http://unitsofmeasure.org", sct: "http://snomed.info/sct", loinc: "http://loinc.org",
    };
    return name in systems && !this.declared.has(name) ? [systems[name]] : [];
  }

  private value(name: string, text: string, scope: Given | null): unknown[] {
    const found = this.computed.get(scope) ?? new Map<string, unknown[]>();
    this.computed.set(scope, found);
    if (!found.has(name)) {
      found.set(name, []); // a variable that speaks of itself finds nothing
      found.set(name, this.find(text, scope));
    }
    return found.get(name)!;
  }

  private calculate(): void {
    for (const listed of this.of.values())
      for (const [one] of listed)
        if (one.item.calculated && one.isEnabled && isQuestion(one.item))
          answer(one, this.fitted(one.item, this.find(one.item.calculated, one)));
  }

  /** Answers to an item from what an expression found: the whole option, the known unit. */
  private fitted(item: Item, found: unknown[]): Value[] {
    const kinds = kindsOf(item);
    const wider = item.options ? new Set([...kinds, "String", "Integer"]) : kinds;
    const values = (this.engine?.plain(found) ?? [])
      .flatMap((one) => valueOf(one, wider))
      .map((value) => asOption(item, value))
      .filter((value) => kinds.has(value[0]));
    return item.repeats ? values : values.slice(0, 1);
  }
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}

function valueOf(one: unknown, kinds: Set<string>): Value[] {
  for (const kind of KIND_ORDER) {
    if (!kinds.has(kind)) continue;
    const value: Value = [kind, fittedTo(one as any, kind)];
    if (isWellMade(value)) return [value];
  }
  return [];
}

function fittedTo(one: any, kind: string): unknown {
  if (kind === "Coding" && Array.isArray(one?.coding)) return one.coding[0] ?? null;
  if (kind === "String" && typeof one === "number") return String(one);
  if (kind === "Quantity" && typeof one === "number") return { value: one };
  return one;
}

function asOption(item: Item, value: Value): Value {
  for (const option of item.options ?? []) {
    const code = option[0] === "Coding" ? option[1].code : undefined;
    if (same(option, value) || (code && code === value[1])) return option;
  }
  const [kind, quantity] = value;
  if (kind === "Quantity" && item.units?.length === 1 && !("unit" in quantity))
    return ["Quantity", { ...quantity, ...item.units[0] }];
  return value;
}

export function* inOrder(items: Item[] = []): Generator<Item> {
  for (const item of items) {
    yield item;
    yield* inOrder(item.items);
  }
}

/** linkIds so that whatever an item depends on comes before it; circles in form order. */
function conditionOrder(items: Item[]): string[] {
  const needs = new Map(items.map((item) => [
    item.linkId, new Set((item.conditions ?? []).map(([question]) => question)),
  ]));
  for (const item of items) for (const one of item.items ?? []) needs.get(one.linkId)!.add(item.linkId);
  const neededBy = new Map<string, string[]>();
  for (const [linkId, others] of needs) for (const other of others) put(neededBy, other, linkId);
  const left = new Map([...needs].map(([linkId, others]) => [linkId, others.size]));
  const ready = [...left].filter(([, count]) => !count).map(([linkId]) => linkId);
  for (const linkId of ready) // grows while it is walked
    for (const other of neededBy.get(linkId) ?? []) {
      left.set(other, left.get(other)! - 1);
      if (!left.get(other)) ready.push(other);
    }
  const done = new Set(ready);
  return [...ready, ...[...needs.keys()].filter((linkId) => !done.has(linkId))];
}

/** The answers of a tree at rest. */
export const settle = (form: Form, tree: Given[], engine: Engine | null): Evaluation =>
  new Evaluation(form, tree, engine).settle();

/** How many questions are asked of the person, and how many are answered. */
export function progress(tree: Given[]): [asked: number, answered: number] {
  const asked = [...walk(tree)].filter(
    ({ item, isEnabled }) => isEnabled && isQuestion(item) && !item.hidden && !item.fixed,
  );
  return [asked.length, asked.filter((one) => one.replies.length).length];
}


