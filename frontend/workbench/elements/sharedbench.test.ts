import { beforeEach, describe, expect, it } from "vitest";
import { HandClock, settled } from "../core/fixtures.ts";
import { POLL_MS } from "../core/listening.ts";
import { en } from "../core/locale/en/index.ts";
import type { Scriptorium } from "../core/scriptorium.ts";
import { SharedCanvas, SIZE, sitting } from "../core/shared.fixtures.ts";
import type { Term } from "../core/shared.ts";
import { Bunching } from "./bunching.ts";
import { keptClipboard } from "./keptclipboard.ts";
import { LightElement } from "./light.ts";
import { Scribing } from "./scribing.ts";
import { sharedBench } from "./sharedbench.ts";

const G: Term = { id: "g", label: "G clef", uri: "https://example.org/g" };
const F: Term = { id: "f", label: "F clef", uri: "https://example.org/f" };

class Room extends LightElement {
  override tell(name: string, detail: unknown): void {
    super.tell(name, detail);
  }

  sitting!: Scriptorium;
  where = "leaf 1";
  stage = null;
  tool = "draw" as const;
  kind = "box" as const;
  label: Term | null = null;
  live = null;
  readonly bunch = new Bunching(this, {
    bench: () => sharedBench(this.sitting, this.where, SIZE),
    texts: () => en,
    reveal: () => undefined,
    clipboard: keptClipboard(),
  });
  readonly scribing = new Scribing(this);
  get now() {
    return this.sitting.state;
  }
  override render() {
    return this.bunch.live();
  }
}
customElements.define("test-room", Room);

let room: Room;
let canvas: SharedCanvas;
let clock: HandClock;

beforeEach(async () => {
  document.body.replaceChildren();
  sessionStorage.clear();
  canvas = new SharedCanvas();
  clock = new HandClock();
  room = new Room();
  room.sitting = sitting(canvas, "ada", { clock }).at;
  await room.sitting.start();
  document.body.append(room);
  for (const x of [100, 300, 500]) room.tell("stage-draw", { box: [x, 100, 50, 40] });
});

const shapes = () => room.sitting.state.shapes ?? [];
const lefts = () => shapes().map(({ box }) => box[0]);
const command = (kind: string, more = {}) => room.tell("stage-command", { kind, ...more });
const said = async () => {
  await room.updateComplete;
  return room.querySelector("[data-testid=said]")?.textContent?.trim();
};

describe("several on a shared canvas", () => {
  it("are picked all, by a frame, one by one", async () => {
    command("all");
    expect(room.sitting.state.also).toHaveLength(2);
    expect(await said()).toBe("3 shapes picked");
    room.tell("stage-select", { id: null });
    room.tell("stage-framed", { box: [90, 90, 230, 60] });
    expect(room.sitting.state).toMatchObject({ selected: shapes()[1]?.id, also: [shapes()[0]?.id] });
    room.tell("stage-pick", { id: shapes()[0]?.id });
    expect(room.sitting.state).toMatchObject({ selected: shapes()[1]?.id, also: [] });
  });

  it("are carried, labelled and deleted in one step each, and one alone where that is pressed", async () => {
    command("all");
    room.tell("stage-carried", { dx: -1000, dy: 7 });
    expect(lefts()).toEqual([0, 200, 400]);
    expect(await said()).toBe("Left 0, top 107, 50 by 40.");
    room.tell("concept-chosen", { concept: F });
    expect(shapes().map(({ concepts }) => concepts)).toEqual([[F], [F], [F]]);
    room.tell("concept-chosen", { concept: G });
    room.tell("concept-chosen", { concept: G });
    expect(shapes().map(({ concepts }) => concepts)).toEqual([[], [], []]);
    room.tell("stage-delete", { id: shapes()[0]?.id, alone: true });
    expect(shapes()).toHaveLength(2);
    room.tell("stage-delete", { id: shapes()[0]?.id });
    expect(shapes()).toEqual([]);
    expect(await said()).toBe("2 shapes deleted.");
    for (const count of [2, 3, 3, 3, 3, 3]) {
      room.sitting.undo();
      expect(shapes()).toHaveLength(count);
    }
    expect(lefts().toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([100, 300, 500]);
  });

  it("get several labels each where that is asked for, also one alone", () => {
    room.tell("stage-select", { id: shapes()[0]?.id });
    room.tell("concept-chosen", { concept: F });
    room.tell("concept-chosen", { concept: G });
    expect(shapes()[0]?.concepts).toEqual([G]);
    room.tell("labels-many", { on: true });
    room.tell("concept-chosen", { concept: F });
    expect(shapes()[0]?.concepts).toEqual([G, F]);
    room.tell("concept-chosen", { concept: G });
    expect(shapes()[0]?.concepts).toEqual([F]);
    room.tell("labels-many", { on: false });
    room.tell("concept-chosen", { concept: G });
    expect(shapes()[0]?.concepts).toEqual([G]);
  });

  it("are duplicated with labels and words, and sent as annotations of their own", async () => {
    room.tell("concept-chosen", { concept: G });
    room.tell("words-written", { id: shapes()[2]?.id, text: "a hare" });
    command("duplicate");
    expect(shapes()[3]).toMatchObject({ box: [520, 120, 50, 40], concepts: [G], text: "a hare" });
    expect(room.sitting.state.selected).toBe(shapes()[3]?.id);
    for (let turn = 0; turn < 4; turn++) await settled();
    await clock.wind(POLL_MS);
    expect(canvas.standing).toHaveLength(4);
  });

  it("go along to the next canvas, which is another page", () => {
    command("all");
    command("copy");
    room.where = "leaf 2";
    const other = new Room();
    [other.sitting, other.where] = [room.sitting, "leaf 2"];
    room.replaceWith(other);
    other.tell("stage-command", { kind: "paste" });
    expect(lefts()).toEqual([100, 300, 500, 100, 300, 500]);
    sessionStorage.setItem("rubricator/copied", '{"from": 3}');
    other.tell("stage-command", { kind: "duplicate" });
    expect(shapes()).toHaveLength(9);
  });

  it("are none that one may not change", async () => {
    canvas.roles.set("ada", { write: false, manage: false });
    await clock.wind(POLL_MS);
    command("all");
    expect(room.sitting.state).toMatchObject({ also: [] });
    expect(sharedBench(room.sitting, "here", SIZE)?.shapes).toEqual([]);
  });
});
