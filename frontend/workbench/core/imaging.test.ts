import { expect, it } from "vitest";
import { AS_IT_IS, filterOf, isLit, lightFrom } from "./imaging.ts";

it("says nothing to a picture that is shown as it is", () => {
  expect(filterOf(AS_IT_IS)).toBe("none");
  expect(isLit(AS_IT_IS)).toBe(false);
});

it("inverts before it brightens", () => {
  const light = { brightness: 1.5, contrast: 1, saturation: 0, inverted: true };
  expect(filterOf(light)).toBe("invert(1) brightness(1.5) saturate(0)");
  expect(isLit(light)).toBe(true);
});

it.each([
  null,
  3,
  "dark",
  [],
  { brightness: "1" },
  { brightness: 99 },
  { contrast: Number.NaN },
  { inverted: 1 },
])("takes %o, kept by whatever version, as nothing", (kept) => expect(lightFrom(kept)).toEqual(AS_IT_IS));

it("takes what it kept itself", () => {
  const light = { brightness: 0.5, contrast: 2, saturation: 0, inverted: true };
  expect(lightFrom(JSON.parse(JSON.stringify(light)))).toEqual(light);
});
