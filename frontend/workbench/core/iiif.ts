/** What readers of IIIF and W3C JSON need of a world in which anything may be missing, one, or many. */

import type { LanguageMap } from "./contract.ts";

export type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Nothing → [], one → [one], many → many. */
export const many = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

export const nodes = (value: unknown): readonly Node[] => many(value).filter(isNode);

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The address of something, written as a string or as an object, in version 2 or 3. */
export const idOf = (value: unknown): string =>
  typeof value === "string" ? value : isNode(value) ? text(value.id) || text(value["@id"]) : "";

/** The types of an object, without a prefix: `sc:Manifest` is a Manifest. */
export const kindsOf = (node: Node): readonly string[] =>
  many(node.type ?? node["@type"]).map((kind) => text(kind).replace(/^\w+:/, ""));

export const isKind = (node: Node, ...wanted: readonly string[]): boolean =>
  kindsOf(node).some((kind) => wanted.includes(kind));

export const numberOf = (value: unknown): number | null => {
  const number = typeof value === "string" && value.trim() ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
};

/** A label of version 3 (a language map), or of version 2 (a text, `{"@value", "@language"}`, or a list of them). */
export function labelOf(value: unknown): LanguageMap {
  const map = new Map<string, string[]>();
  const add = (language: string, said: unknown) => {
    if (typeof said !== "string" && typeof said !== "number") return;
    const key = language || "none";
    map.set(key, [...(map.get(key) ?? []), plainText(`${said}`)]);
  };
  for (const one of many(value)) {
    if (!isNode(one)) add("none", one);
    else if ("@value" in one) add(text(one["@language"]), one["@value"]);
    else
      for (const [language, texts] of Object.entries(one))
        for (const said of many(texts)) add(language, said);
  }
  return Object.fromEntries(map);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** A text without its markup, in one line. It is only ever shown as text, never as markup again. */
export const plainText = (markup: string): string =>
  markup
    .replace(/<[a-z!/][^>]*>/gi, " ")
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name: string | undefined) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null;
      if (code !== null) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
      return ENTITIES[name ?? ""] ?? whole;
    })
    .replace(/\s+/g, " ")
    .trim();
