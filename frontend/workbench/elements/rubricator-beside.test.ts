import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Canvas } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import { RubricatorBeside, type Side } from "./rubricator-beside.ts";

vi.mock("./rubricator-stage.ts", () => ({}));

/** A stage without a picture: it shows what it is told to, and remembers. */
class PretendStage extends HTMLElement {
  follows: (() => void) | null = null;
  name = "";
  shapes: readonly unknown[] = [];
  placed = true;
  lit: unknown[] = [];
  turn = { rotation: 0, flipped: false };
  on = { loupe: false, ruler: false };
  showing = { choices: [0], opacities: [1] };
  ends = 0;
  readonly imaging = {
    stage: this,
    get state() {
      return { turn: this.stage.turn, on: this.stage.on, showing: this.stage.showing };
    },
    set: ({
      light,
      turn,
      showing,
    }: {
      light?: unknown;
      turn?: { rotation: number; flipped: boolean };
      showing?: { choices: number[]; opacities: number[] };
    }) => {
      if (showing) this.showing = showing;
      if (light) this.lit.push(light);
      if (turn) this.turn = turn;
    },
    obey: ({ kind, degrees = 0 }: { kind: string; degrees?: number }) => {
      if (kind === "turn") this.turn = { ...this.turn, rotation: this.turn.rotation + degrees };
      if (kind === "loupe") this.on = { ...this.on, loupe: !this.on.loupe };
      if (kind === "measure") this.on = { ...this.on, ruler: !this.on.ruler };
    },
    mark: () => Boolean(this.on.ruler && ++this.ends),
  };
  isSeen = true;
  now: Box = [0, 0, 100, 50];
  first: Box = [0, 0, 100, 50];
  looked: Box[] = [];
  keys: string[] = [];
  readonly drawing = {
    placed: true,
    view: () => {
      const [x, y, w, h] = this.now;
      const scale = 1000 / w;
      const [cos, sin] = this.turn.rotation === 90 ? [0, 1] : [1, 0];
      const right = [scale * cos, scale * sin] as const;
      const down = [-scale * sin, scale * cos] as const;
      const stage = [1000, h * scale] as const;
      const [cx, cy] = [x + w / 2, y + h / 2];
      const origin = [
        stage[0] / 2 - cx * right[0] - cy * down[0],
        stage[1] / 2 - cx * right[1] - cy * down[1],
      ] as const;
      return { origin, right, down, stage };
    },
    home: () => this.first,
    look: (box: Box) => {
      this.now = box;
      this.looked.push(box);
      this.follows?.();
    },
  };
  key(event: KeyboardEvent): boolean {
    this.keys.push(event.key);
    return true;
  }
  fit(): void {}
  carry(): void {}
  override focus(): void {}
  /** As a hand would: another part comes into view. */
  move(box: Box): void {
    this.now = box;
    this.follows?.();
  }
}
customElements.define("rubricator-stage", PretendStage);

const canvas = (id: string): Canvas => ({
  id,
  uri: `https://example.org/${id}`,
  label: { none: [`f. ${id}`] },
  width: 1000,
  height: 1000,
  image: { service: null, version: null, url: "/page.png", width: 500, height: 500 },
});
const first: Side = { canvas: canvas("1"), region: [10, 10, 20, 20] };
const second: Side = { canvas: canvas("2"), region: null };

let beside: RubricatorBeside;
let left: PretendStage;
let right: PretendStage;

beforeEach(async () => {
  beside = Object.assign(new RubricatorBeside(), { first, second, lang: "en" });
  document.body.append(beside);
  await beside.updateComplete;
  [left, right] = [...beside.querySelectorAll("rubricator-stage")] as unknown as [PretendStage, PretendStage];
  right.first = right.now = [0, 0, 1000, 500];
});
afterEach(() => document.body.replaceChildren());

const press = (key: string) => beside.key(new KeyboardEvent("keydown", { key }));
const click = (name: string) => beside.querySelector<HTMLElement>(`[data-testid=beside-${name}]`)?.click();
const said = () => beside.querySelector("[data-testid=beside-said]")?.textContent;

describe("two regions beside each other", () => {
  it("are seen once both are on the screen", () => {
    right.isSeen = false;
    expect(beside.isSeen).toBe(false);
    right.isSeen = true;
    expect(beside.isSeen).toBe(true);
  });

  it("say which is which, and frame what is meant", () => {
    expect([left.name, right.name]).toEqual(["Left: f. 1", "Right: f. 2"]);
    expect([left.shapes.length, right.shapes.length]).toEqual([1, 0]);
  });

  it("move as one, each within its own", () => {
    left.move([0, 0, 50, 25]);
    expect(right.now).toEqual([0, 0, 500, 250]);
    expect(left.looked, "the leader is not led back").toEqual([]);
  });

  it("follow the one that is touched", () => {
    right.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    right.move([500, 250, 500, 250]);
    expect(left.now).toEqual([50, 25, 50, 25]);
  });

  it("go each by itself once they are let go", async () => {
    press("k");
    await beside.updateComplete;
    expect(said()).toBe("Each picture moves by itself.");
    left.move([0, 0, 50, 25]);
    expect(right.looked).toEqual([]);
    press("K");
    await beside.updateComplete;
    expect(right.now).toEqual([0, 0, 500, 250]);
  });

  it("wait for each other's pictures", () => {
    right.drawing.placed = false;
    left.move([0, 0, 50, 25]);
    expect(right.looked).toEqual([]);
  });

  it("ask for the other order, and leave it to their owner", async () => {
    let asked = 0;
    beside.addEventListener("beside-swap", () => asked++);
    click("swap");
    press("x");
    await beside.updateComplete;
    expect([asked, beside.first]).toEqual([2, first]);
    expect(said()).toContain("f. 2");
  });

  it("lie over each other, the upper one as faint as one wants", async () => {
    press("o");
    await beside.updateComplete;
    expect(beside.querySelector(".rw-beside")?.getAttribute("data-mode")).toBe("over");
    for (const _step of [1, 2, 3, 4, 5, 6]) press(">");
    await beside.updateComplete;
    expect(beside.style.getPropertyValue("--beside-opacity")).toBe("1");
    press("<");
    await beside.updateComplete;
    expect(beside.style.getPropertyValue("--beside-opacity")).toBe("0.9");
  });

  it("are shown in the same light, which the campaign remembers", async () => {
    localStorage.clear();
    beside.memory = "/campaign/";
    press("i");
    await beside.updateComplete;
    const panel = beside.querySelector("rubricator-image");
    await panel?.updateComplete;
    expect(panel?.querySelector("[data-testid=image-turn-left]")).toBeNull();
    panel?.querySelector<HTMLElement>("[data-testid=image-grey]")?.click();
    await beside.updateComplete;
    expect([left.lit, right.lit]).toMatchObject([[{ saturation: 0 }], [{ saturation: 0 }]]);
    expect(beside.querySelector("[data-testid=beside-light]")?.getAttribute("data-changed")).toBe("");
    click("light");
    await beside.updateComplete;
    expect(beside.querySelector("rubricator-image")).toBeNull();
    beside.memory = "";
    await beside.updateComplete;
    expect(left.lit.at(-1)).toMatchObject({ saturation: 1 });
    beside.memory = "/campaign/";
    await beside.updateComplete;
    expect(right.lit.at(-1)).toMatchObject({ saturation: 0 });
  });

  it("are turned each by itself, by the key of the one in hand, and move the same way on the screen", () => {
    press("r");
    expect([left.turn.rotation, right.turn.rotation]).toEqual([90, 0]);
    // Turned to the right, what lies below on the canvas comes from the left of the screen.
    left.move([0, 10, 100, 50]);
    right.now.forEach(
      (value, index) => void expect(value).toBeCloseTo([-100, 0, 1000, 500][index] ?? NaN, 6),
    );
    right.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    beside.key(new KeyboardEvent("keydown", { key: "R", shiftKey: true }));
    expect([left.turn.rotation, right.turn.rotation]).toEqual([90, -90]);
  });

  it("take their turn along when they change places", async () => {
    press("r");
    beside.first = second;
    beside.second = first;
    await beside.updateComplete;
    expect([left.turn.rotation, right.turn.rotation]).toEqual([0, 90]);
    // Another pair stands upright.
    beside.first = { canvas: canvas("3"), region: null };
    beside.second = { canvas: canvas("4"), region: null };
    await beside.updateComplete;
    expect([left.turn.rotation, right.turn.rotation]).toEqual([0, 0]);
  });

  it("are looked at through a loupe and measured, each by itself", () => {
    press("l");
    right.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    expect(beside.mark()).toBe(false);
    press("e");
    expect([left.on, right.on]).toEqual([
      { loupe: true, ruler: false },
      { loupe: false, ruler: true },
    ]);
    expect([beside.mark(), right.ends, left.ends]).toEqual([true, 1, 0]);
  });

  it("are turned in the panel, and stand as they come again", async () => {
    press("i");
    await beside.updateComplete;
    const panel = beside.querySelector("rubricator-image");
    await panel?.updateComplete;
    const group = (place: string) => panel?.querySelector(`[data-testid=pair-${place}]`);
    expect(group("right")?.querySelector("legend")?.textContent).toBe("Right: f. 2");
    group("right")?.querySelector<HTMLElement>("[data-testid=pair-mirror]")?.click();
    const slider = group("left")?.querySelector<HTMLInputElement>("[data-testid=pair-angle]");
    if (slider) slider.value = "-7";
    slider?.dispatchEvent(new Event("input"));
    expect([left.turn, right.turn]).toEqual([
      { rotation: -7, flipped: false },
      { rotation: 0, flipped: true },
    ]);
    await beside.updateComplete;
    await panel?.updateComplete;
    const reset = panel?.querySelector<HTMLElement>("[data-testid=image-reset]");
    expect(reset?.getAttribute("aria-disabled")).toBe("false");
    reset?.click();
    expect([left.turn.rotation, right.turn.flipped]).toEqual([0, false]);
  });

  it("show each what was painted in several ways", async () => {
    const image = (name: string) => ({
      ...{ label: { none: [name] }, box: [0, 0, 1000, 1000] as const },
      ...{ service: null, version: null, url: "/page.png", width: 500, height: 500 },
    });
    const choices = [image("visible"), image("ultraviolet")];
    beside.second = { canvas: { ...canvas("2"), images: [{ choices }] } as never, region: null };
    press("i");
    await beside.updateComplete;
    const panel = beside.querySelector("rubricator-image");
    await panel?.updateComplete;
    const button = (place: string) =>
      panel?.querySelector<HTMLElement>(`[data-testid=pair-${place}] [data-testid=pair-choice-1]`);
    expect([button("left") ?? null, button("right")?.textContent?.trim()]).toEqual([null, "ultraviolet"]);
    button("right")?.click();
    expect([left.showing.choices, right.showing.choices]).toEqual([[0], [1]]);
  });

  it("pass other keys on to the picture", () => {
    press("+");
    expect(left.keys).toEqual(["+"]);
  });
});

it("minds its own order where a page gives it a pair", async () => {
  const pair = JSON.stringify({ first, second });
  document.body.innerHTML = `<script type="application/json" id="pair">${pair}</script>`;
  const alone = Object.assign(new RubricatorBeside(), { source: "pair", lang: "fr" });
  document.body.append(alone);
  await alone.updateComplete;
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  await alone.updateComplete;
  expect(alone.first?.canvas.id).toBe("2");
  expect(alone.querySelector("[data-testid=beside-said]")?.textContent).toContain("changé de place");
});
