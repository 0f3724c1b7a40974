import { afterEach, expect, it, vi } from "vitest";
import { mirrored } from "../core/locale/mirrored.fixtures.ts";
import { icon } from "./icons.ts";
import { RubricatorViewer } from "./rubricator-viewer.ts";

vi.mock("./rubricator-stage.ts", () => ({}));
vi.mock("../core/locale/index.ts", async (original) => ({
  ...(await original<typeof import("../core/locale/index.ts")>()),
  textsFor: () => mirrored,
}));

afterEach(() => document.body.replaceChildren());

it("runs from right to left in a language that does", async () => {
  const canvas = { id: "c", label: { none: ["f. 1"] }, width: 10, height: 10, tiles: null, image: "" };
  document.body.innerHTML = `<script type="application/json" id="d">${JSON.stringify({ canvas, layers: [] })}</script>`;
  const viewer = Object.assign(new RubricatorViewer(), { source: "d", lang: "he" });
  document.body.append(viewer);
  await viewer.updateComplete;
  await viewer.updateComplete;
  expect(viewer.querySelector(".rw-workbench")?.getAttribute("dir")).toBe("rtl");
});

it("names its signs, so that arrows can be turned about", () => {
  expect(icon("back").values).toContain("back");
});
