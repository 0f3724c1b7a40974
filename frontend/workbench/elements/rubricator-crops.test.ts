import { afterEach, describe, expect, it } from "vitest";
import { assignment } from "../core/fixtures.ts";
import type { Standing } from "../core/gridkeeping.ts";
import { en } from "../core/locale/en/index.ts";
import type { RubricatorCrops } from "./rubricator-crops.ts";
import "./rubricator-crops.ts";
import type { RubricatorJudge } from "./rubricator-judge.ts";
import "./rubricator-judge.ts";

const LABELS = ["C clef", "C clef", "G clef"];

async function laid(standings: readonly Standing[] = ["open", "rejected", "passed"]) {
  const crops = document.createElement("rubricator-crops") as RubricatorCrops;
  crops.crops = standings.map((standing, index) => {
    const concepts = [{ id: LABELS[index] ?? "", label: LABELS[index] ?? "" }];
    const shown = { id: `p${index}`, box: [0, 0, 1, 1] as const, concepts, confidence: 0.4 };
    return { cell: assignment(`${index}`, { predictions: [shown] }), standing, concepts };
  });
  document.body.append(crops);
  await crops.updateComplete;
  const told: [string, unknown][] = [];
  for (const name of ["crop-say", "crop-pick", "crop-open"]) {
    crops.addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]));
  }
  return { crops, told, buttons: [...crops.querySelectorAll<HTMLButtonElement>(".rw-crop")] };
}

afterEach(() => document.body.replaceChildren());

describe("the pictures of a grid", () => {
  it("say in a sentence what they are and what was said, by label", async () => {
    const { crops, buttons } = await laid();
    expect([...crops.querySelectorAll("section")].map((one) => one.getAttribute("aria-label"))).toEqual([
      "C clef",
      "G clef",
    ]);
    expect(buttons.map((one) => one.getAttribute("aria-label"))).toEqual([
      `Picture 1 of 3. C clef. ${en.sure(0.4)}. nothing said yet`,
      `Picture 2 of 3. C clef. ${en.sure(0.4)}. wrong`,
      `Picture 3 of 3. G clef. ${en.sure(0.4)}. left to others`,
    ]);
    expect(buttons.map((one) => one.tabIndex)).toEqual([0, -1, -1]);
  });

  it("are wrong by a click, and chosen by a click with Ctrl", async () => {
    const { buttons, told } = await laid();
    buttons[0]?.click();
    buttons[1]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
    expect(told).toEqual([
      ["crop-say", { ids: ["0"], verdict: "rejected" }],
      ["crop-pick", { ids: ["1"] }],
    ]);
  });

  it("are walked in reading order, and chosen on the way with Shift", async () => {
    const { crops, told } = await laid();
    expect(crops.walk("ArrowRight", false)).toBe(true);
    expect(crops.current).toBe("1");
    crops.walk("End", true);
    expect([crops.current, told]).toEqual(["2", [["crop-pick", { ids: ["1", "2"] }]]]);
    expect(crops.walk("ArrowRight", false)).toBe(false);
  });
});

describe("the three answers", () => {
  it("are there to press, and a correction is handed in once it says something", async () => {
    const judge = document.createElement("rubricator-judge") as RubricatorJudge;
    const told: unknown[] = [];
    for (const name of ["judge", "answer-submit", "judge-as-shown"]) {
      judge.addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]));
    }
    document.body.append(judge);
    await judge.updateComplete;
    const press = (name: string) => judge.querySelector<HTMLElement>(`[data-testid=judge-${name}]`)?.click();
    press("accepted");
    judge.correcting = true;
    await judge.updateComplete;
    press("done");
    judge.verdict = "edited";
    await judge.updateComplete;
    press("done");
    press("as-shown");
    expect(told).toEqual([
      ["judge", { verdict: "accepted" }],
      ["answer-submit", {}],
      ["judge-as-shown", {}],
    ]);
    judge.correcting = false;
    judge.correctable = false;
    await judge.updateComplete;
    expect(judge.querySelector("[data-testid=judge-edited]")).toBeNull();
  });
});
