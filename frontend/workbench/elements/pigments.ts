/** The pigments, for elements: they are chosen without a page, in `core/pigments.ts`. */

export * from "../core/pigments.ts";
