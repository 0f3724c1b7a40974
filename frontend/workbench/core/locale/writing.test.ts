/** What somebody wrote stands in quotation marks, and its marks of direction turn nothing round it. */
import { expect, test } from "vitest";
import { writing as en } from "./en/writing.ts";
import { writing as fr } from "./fr/writing.ts";

test.each([en, fr])("a text is isolated", ({ quoted }) => {
  expect(quoted("abc\u202edef")).toContain("\u2068abc\u202edef\u2069");
});
