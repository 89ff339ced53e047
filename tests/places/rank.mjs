// node rank.mjs ranking.js search.json texts.json: for each text the codes that are found first.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [ranking, rows, texts] = process.argv.slice(2);
const { Index } = await import(pathToFileURL(ranking));
const index = new Index(JSON.parse(readFileSync(rows, "utf8")));
const found = JSON.parse(readFileSync(texts, "utf8")).map((text) => index.bestFirst(text, 8).map((row) => row.c));
process.stdout.write(JSON.stringify(found));
