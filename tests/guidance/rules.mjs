// Says what the browser's twin of the rules tells each person of a table.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [rules, table] = process.argv.slice(2);
const { adviceFor } = await import(pathToFileURL(rules));
const { blocks, cases } = JSON.parse(readFileSync(table, "utf-8"));
const told = cases.map(([set, persona, lineage, day]) =>
  adviceFor(blocks[set], persona, lineage, day).map((block) => block.slug),
);
console.log(JSON.stringify(told));
