import { afterEach, describe, expect, it } from "vitest";
import type { Box } from "../core/geometry.ts";
import { query, shareFrom, showShareHints } from "./share.ts";

afterEach(() => document.body.replaceChildren());

describe("the share panel", () => {
  it("asks for what is chosen, and the page's address says it", () => {
    document.body.innerHTML =
      '<div id="share" data-share="/s/"><p data-share-hint hidden></p><button data-share-view></button><button data-share-whole></button></div>';
    const marked: (Box | null)[] = [];
    const seen: Box = [1, 2, 3, 4];
    const viewer = Object.assign(document.createElement("div"), {
      seen: () => seen,
      mark: (box: Box | null) => marked.push(box),
    });
    const asked: string[] = [];
    shareFrom(viewer, (address) => asked.push(address));
    viewer.dispatchEvent(new CustomEvent("viewer-choose", { detail: { box: [5, 6, 7.129, 8], id: "a-1" } }));
    document.querySelector<HTMLElement>("[data-share-view]")?.click();
    document.querySelector<HTMLElement>("[data-share-whole]")?.click();
    expect(asked).toEqual(["/s/?xywh=5,6,7.13,8&annotation=a-1", "/s/?xywh=1,2,3,4", "/s/"]);
    expect(marked).toEqual([seen, null]);
    expect(location.search).toBe("");
    showShareHints(document);
    expect(document.querySelector<HTMLElement>("[data-share-hint]")?.hidden).toBe(false);
  });

  it("says nothing of a whole canvas", () => {
    expect(query({ box: null, id: null })).toBe("");
  });
});
