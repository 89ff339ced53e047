/** Twin of tongxin/guidance/rules.py: what a person is told on a day. Kept equal by a test. */

export interface Block {
  slug: string;
  circumstance: string;
  action: string;
  polarity: string;
  layer: string;
  narrower_may: string;
  effective_from: string; // days as ISO dates
  expires_on: string | null;
  places: string[]; // codes; empty: everywhere
  when: Record<string, string[]>;
}

export type Persona = Record<string, string>;

const LAYERS = ["world", "nation", "province", "county"];
const WEIGHT: Record<string, number> = { must: 2, should: 1, may: 0, "should-not": -1, "must-not": -2 };

export const holdsOn = (block: Block, day: string): boolean =>
  block.effective_from <= day && (block.expires_on === null || day <= block.expires_on);

export const isIn = (block: Block, lineage: string[]): boolean =>
  block.places.length === 0 || lineage.some((code) => block.places.includes(code));

/** Whether a block can be for somebody of whom so much is known; all known: whether it is. */
export const canBeFor = (block: Block, known: Persona): boolean =>
  Object.entries(block.when).every(([axis, values]) => {
    const value = known[axis];
    return value === undefined || values.includes(value);
  });

export function opposes(one: string, other: string): boolean {
  if (one === "know" || other === "know") return false;
  const low = Math.min(WEIGHT[one]!, WEIGHT[other]!);
  const high = Math.max(WEIGHT[one]!, WEIGHT[other]!);
  return (low === -2 && high >= 0) || (low < 0 && high > 0);
}

export function givesWay(wider: Block, narrower: Block): boolean {
  if (LAYERS.indexOf(narrower.layer) <= LAYERS.indexOf(wider.layer)) return false;
  if (wider.polarity === "know" || narrower.polarity === "know") return false;
  if (wider.action !== narrower.action) return false;
  const isOpposite = opposes(wider.polarity, narrower.polarity);
  if (!isOpposite && wider.circumstance !== narrower.circumstance) return false;
  const before = WEIGHT[wider.polarity]!;
  const after = WEIGHT[narrower.polarity]!;
  if (wider.narrower_may === "stricter")
    return before === 0 || (before * after > 0 && Math.abs(after) > Math.abs(before));
  return wider.narrower_may === "anything";
}

/**
 * What a person is told, in the order given; wider advice gives way to narrower.
 * Of a person who is not known in all things: what they may be told.
 */
export function adviceFor<B extends Block>(
  blocks: B[],
  known: Persona,
  lineage: string[],
  day: string,
): B[] {
  const theirs = blocks.filter((b) => holdsOn(b, day) && isIn(b, lineage) && canBeFor(b, known));
  return theirs.filter((b) => !theirs.some((other) => givesWay(b, other)));
}

/** A place and all above it, nearest first. */
export function lineageOf(code: string, parents: Map<string, string>): string[] {
  const found: string[] = [];
  for (let at = code; at && !found.includes(at); at = parents.get(at) ?? "") found.push(at);
  return found;
}
