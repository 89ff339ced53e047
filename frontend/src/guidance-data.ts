import type { Block } from "./guidance-rules";

/** A block with its words; see docs/guidance-data.md. */
export interface Told extends Block {
  title_zh: string;
  title_en: string;
  text_zh: string;
  text_en: string;
  asks_zh: string[];
  asks_en: string[];
  source_zh: string;
  source_en: string;
  source_on: string;
  review_by: string;
}

interface Named {
  key: string;
  name_zh: string;
  name_en: string;
}

export interface Guidance {
  disease: string;
  emergency: string;
  axes: (Named & { values: Named[] })[];
  never: Record<string, string[]>[];
  circumstances: Named[];
  blocks: Told[];
}

export const isChinese = document.documentElement.lang.startsWith("zh");

export const title = (block: Told): string => (isChinese ? block.title_zh : block.title_en);
export const text = (block: Told): string => (isChinese ? block.text_zh : block.text_en);
export const source = (block: Told): string => (isChinese ? block.source_zh : block.source_en);
export const asks = (block: Told): string[] => (isChinese ? block.asks_zh : block.asks_en);
export const name = (named: Named): string => (isChinese ? named.name_zh : named.name_en);

/** A day as its reader writes it; a day has no time zone, so it is read and written as UTC. */
export const dayInWords = (iso: string): string =>
  new Intl.DateTimeFormat(isChinese ? "zh-CN" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(`${iso}T00:00:00Z`),
  );

/** Today where the reader is, as an ISO date. */
export function today(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export async function load<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as T;
}
