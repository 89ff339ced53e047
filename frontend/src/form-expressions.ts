// FHIRPath in the browser by HL7's fhirpath.js. Loaded only for forms that have expressions.
import fhirpath from "fhirpath";
import model from "virtual:fhir-r4-forms";

const ITEM = "QuestionnaireResponse.item";
const OPTIONS = { resolveInternalTypes: false, preciseMath: true } as const;
const LONGEST_LIST = 20_000;

type Compiled = (data: unknown, variables: Record<string, unknown>) => unknown[];

export interface Engine {
  /** Take this response as what expressions see. */
  look(resource: Record<string, any>, questionnaire: unknown): void;
  /** The node of an item of the response, or of the whole. */
  node(data: object | null): unknown;
  /** Items as `repeat(item)` reaches them from an item, or from the whole, by linkId. */
  byLinkId(data: object | null): Map<string, unknown[]>;
  questionnaire(): unknown[];
  find(text: string, base: unknown, variables: Record<string, unknown>): unknown[];
  /** Plain JSON values. */
  plain(found: unknown[]): unknown[];
}

export function makeEngine(): Engine {
  const compiled = new Map<string, Compiled>();
  let resource: Record<string, any> = {};
  let form: unknown = null;

  function run(path: string | { base: string; expression: string }, data: unknown, variables = {}): unknown[] {
    const key = typeof path === "string" ? path : `${path.base} ${path.expression}`;
    let made = compiled.get(key);
    if (!made) {
      made = fhirpath.compile(path as string, model, OPTIONS) as unknown as Compiled;
      compiled.set(key, made);
    }
    return made(data, variables);
  }

  const node = (data: object | null): unknown =>
    data ? run({ base: ITEM, expression: "$this" }, data)[0] : run("$this", resource)[0];

  return {
    look(next, questionnaire) {
      resource = next;
      form = questionnaire;
    },
    node,
    byLinkId(data) {
      const found = new Map<string, unknown[]>();
      const gather = (items: Record<string, any>[] = []): void => {
        for (const one of items) {
          found.set(one.linkId, [...(found.get(one.linkId) ?? []), node(one)]);
          gather(one.item);
        }
      };
      gather((data as Record<string, any> | null ?? resource).item);
      return found;
    },
    questionnaire: () => (form ? run("$this", form) : []),
    find(text, base, variables) {
      const found = run(text, [base], { ...variables, context: [base] });
      if (found.length > LONGEST_LIST) throw new RangeError("too many");
      return found;
    },
    plain: (found) => (fhirpath.resolveInternalTypes(found) as unknown[]).map(rounded).flatMap(unitless),
  };
}

/** As the server rounds: twelve digits behind the point. */
function rounded(one: unknown): unknown {
  if (typeof one !== "number") return typeof one === "bigint" ? Number(one) : one;
  return Number.isInteger(one) ? one : Number(one.toFixed(12));
}

const unitless = (one: unknown): unknown[] => (one === null || one === undefined ? [] : [one]);
