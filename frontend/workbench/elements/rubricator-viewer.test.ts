import { afterEach, expect, it, vi } from "vitest";
import { RubricatorViewer } from "./rubricator-viewer.ts";

// The image needs a real browser; what is read beside it does not.
vi.mock("./rubricator-stage.ts", () => ({}));

afterEach(() => document.body.replaceChildren());

const canvas = { id: "c", label: { none: ["f. 1"] }, width: 1000, height: 1400, tiles: null, image: "" };
const shape = { id: "a", box: [1, 2, 3, 4], concepts: [], text: "", confidence: null };

async function shown(...shapes: object[]): Promise<(string | undefined)[]> {
  const data = { canvas, layers: [{ id: "l", title: { en: "Notes" }, shapes }] };
  document.body.innerHTML = `<script type="application/json" id="d">${JSON.stringify(data)}</script>`;
  const viewer = Object.assign(new RubricatorViewer(), { source: "d", lang: "en" });
  document.body.append(viewer);
  await viewer.updateComplete;
  await viewer.updateComplete;
  return [...viewer.querySelectorAll(".rw-shape-label")].map((label) => label.textContent?.trim());
}

it("shows what an annotation says in words where no concept stands", async () => {
  const clef = { id: "k", label: "F clef" };
  expect(
    await shown(
      { ...shape, id: "1", text: "Lettrine" },
      { ...shape, id: "2", concepts: [clef], text: "a doubtful one" },
      { ...shape, id: "3", concepts: [clef] },
      { ...shape, id: "4" },
    ),
  ).toEqual(["Lettrine", "F clef · a doubtful one", "F clef", "no label yet"]);
});

it("lists annotations of the whole canvas", async () => {
  expect(await shown({ ...shape, box: null, text: "A page of music" })).toEqual(["A page of music"]);
  expect(document.querySelector(".rw-shape-place")?.textContent).toContain("on the whole image");
});
