// Evaluates fields by the pages' own script, as it ships: node browser_rules.mjs SCRIPT < cases.
import { createInterface } from "node:readline";

const NOON = Date.parse("2020-03-20T12:00:00+08:00");
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...words) {
    super(...(words.length ? words : [NOON]));
  }
  static now = () => NOON;
};

const { engineFor, readFields, responseItems, settle, walk } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const { form, cases } = JSON.parse(line);
  const engine = await engineFor(form);
  for (const fields of cases) console.log(JSON.stringify(evaluated(form, fields, engine)));
}

function evaluated(form, fields, engine) {
  const read = readFields(form, new Map(Object.entries(fields)));
  try {
    const { tree } = settle(form, read.tree, engine);
    const asked = [...walk(tree)].filter((one) => one.isEnabled).map((one) => one.item.linkId);
    return { asked, items: responseItems(tree) };
  } catch (error) {
    return { refused: error.constructor.name, message: error.message };
  }
}
