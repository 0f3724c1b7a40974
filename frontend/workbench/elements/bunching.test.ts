import { html, render } from "lit";
import { beforeEach, describe, expect, it } from "vitest";
import { assignment, PretendServer, world } from "../core/fixtures.ts";
import { KEEPING } from "../core/keeping.ts";
import { en } from "../core/locale/en/index.ts";
import { Session } from "../core/session.ts";
import type { Desk, SessionState } from "../core/sessionstate.ts";
import { answerBench } from "./answerbench.ts";
import { Answering } from "./answering.ts";
import { Bunching } from "./bunching.ts";
import { elsewhere } from "./elsewhere.ts";
import { LightElement } from "./light.ts";
import { Palette } from "./pigments.ts";
import { RubricatorShapes } from "./rubricator-shapes.ts";

const G = { id: "g", label: "G clef" };
const F = { id: "f", label: "F clef" };

class Place extends LightElement {
  override tell(name: string, detail: unknown): void {
    super.tell(name, detail);
  }

  session!: Session;
  hand!: Answering;
  step = "";
  get desk(): Desk {
    const { session, step } = this;
    const { state, answer, draft, past } = session;
    const change: Desk["change"] = (edit, stroke) => session.change(edit, stroke);
    return { state, answer, draft, past, change, offer: (task, found) => session.offer(task, found), step };
  }
  readonly bunch = new Bunching(this, {
    bench: () => answerBench(this.hand, this.desk),
    texts: () => en,
    reveal: () => undefined,
  });
  override render() {
    return this.bunch.live();
  }
}
customElements.define("test-place", Place);

let place: Place;

beforeEach(async () => {
  document.body.replaceChildren();
  place = new Place();
  const server = new PretendServer([assignment("a1"), assignment("a2")]);
  const options = { campaign: "clefs", person: "", locale: "en", device: "desktop" } as const;
  place.session = new Session(world(server), options, () => undefined);
  await place.session.start();
  place.hand = new Answering(place.session, new Palette(), () => undefined);
  document.body.append(place);
  for (const x of [100, 300, 500]) place.hand.draw({ box: [x, 100, 50, 40] });
});

const ids = () => place.session.answer.shapes.map(({ id }) => id);
const lefts = () => place.session.answer.shapes.map(({ box }) => box[0]);
const command = (kind: string, more = {}) => place.tell("stage-command", { kind, ...more });
const said = async () => {
  await place.updateComplete;
  return place.querySelector("[data-testid=said]")?.textContent?.trim();
};

it("does not put what was copied into another step", async () => {
  place.step = "where";
  command("all");
  command("copy");
  place.step = "words";
  command("paste");
  expect(ids()).toHaveLength(3);
  expect(await said()).toBe("What was copied belongs to another step.");
  place.step = "where";
  command("paste");
  expect(ids()).toHaveLength(6);
});

describe("several shapes", () => {
  it("are picked all, by a frame, one by one, and by walking", async () => {
    command("all");
    expect(place.hand.picked).toHaveLength(3);
    expect(await said()).toBe("3 shapes picked");
    place.hand.select(null);
    place.tell("stage-framed", { box: [90, 90, 230, 60] });
    expect(place.hand.picked.map(({ id }) => id)).toEqual(ids().slice(0, 2));
    place.tell("stage-pick", { id: ids()[0] });
    expect(place.hand.held).toMatchObject({ selected: ids()[1], also: [] });
    command("extend", { step: 1 });
    expect(place.hand.held).toMatchObject({ selected: ids()[2], also: [ids()[1]] });
  });

  it("are carried, labelled and deleted in one step each", async () => {
    command("all");
    place.tell("stage-carried", { dx: -1000, dy: 7 });
    expect(lefts()).toEqual([0, 200, 400]);
    expect(await said()).toBe("Left 0, top 107, 50 by 40.");
    place.hand.choose(F);
    expect(place.session.answer.shapes.map(({ concepts }) => concepts)).toEqual([[F], [F], [F]]);
    place.tell("stage-delete", { id: ids()[1] });
    place.hand.remove(ids()[1] ?? "");
    expect(ids()).toEqual([]);
    expect(await said()).toBe("3 shapes deleted.");
    for (const lefts of [3, 3, 3]) {
      command("undo");
      place.session.undo();
      expect(ids()).toHaveLength(lefts);
    }
    expect(lefts()).toEqual([100, 300, 500]);
    expect(await said()).toContain("Undone.");
  });

  it("are duplicated with their labels, and the copies are in hand", () => {
    place.hand.choose(G);
    command("duplicate");
    expect(ids()).toHaveLength(4);
    expect(place.session.answer.shapes[3]).toMatchObject({ box: [520, 120, 50, 40], concepts: [G] });
    expect(place.hand.held.selected).toBe(ids()[3]);
    place.tell("stage-copied", { dx: 0, dy: 100 });
    expect(place.session.answer.shapes[4]?.box).toEqual([520, 220, 50, 40]);
  });

  it("go along to the next image, at the same place", async () => {
    place.hand.pick(ids().slice(0, 2));
    command("copy");
    await place.session.submit();
    expect(place.session.state.assignment?.id).toBe("a2");
    command("paste");
    expect(lefts()).toEqual([100, 300]);
    expect(place.hand.picked).toHaveLength(2);
    // Pasted once more, they lie beside.
    command("copy");
    command("paste");
    expect(lefts()).toEqual([100, 300, 120, 320]);
  });

  it("lose one alone where that is what is pressed", () => {
    command("all");
    place.hand.remove(ids()[1] ?? "", { alone: true });
    expect(lefts()).toEqual([100, 500]);
    expect(place.hand.picked).toHaveLength(2);
  });

  it("leave nothing to copy where nothing is picked", () => {
    place.hand.select(null);
    command("copy");
    command("paste");
    command("duplicate");
    expect(ids()).toHaveLength(3);
  });
});

it("is a list in which Ctrl picks one more, and Shift all from there", async () => {
  const list = new RubricatorShapes();
  list.shapes = place.session.answer.shapes;
  list.selected = ids()[2] ?? null;
  document.body.append(list);
  await list.updateComplete;
  const heard: unknown[] = [];
  for (const name of ["stage-select", "stage-pick", "stage-range"]) {
    list.addEventListener(name, (event) => heard.push([name, (event as CustomEvent).detail]));
  }
  const first = list.querySelector<HTMLElement>(".rw-shape-pick");
  first?.dispatchEvent(new MouseEvent("click", { ctrlKey: true }));
  first?.dispatchEvent(new KeyboardEvent("keydown", { key: " ", shiftKey: true, cancelable: true }));
  first?.click();
  list.gathers = true;
  first?.click();
  expect(heard).toEqual([
    ["stage-pick", { id: ids()[0] }],
    ["stage-range", { ids: ids() }],
    ["stage-select", { id: ids()[0], reveal: true }],
    ["stage-pick", { id: ids()[0] }],
  ]);
});

it("tells of the same task elsewhere, and offers what stands there", () => {
  const told: string[] = [];
  const state = { ...KEEPING, besides: 1, other: { from: "there", answer: place.session.answer } };
  const box = document.createElement("div");
  render(html`${elsewhere(state as unknown as SessionState, en, (name) => told.push(name))}`, box);
  expect(box.textContent).toContain("open in another tab");
  expect(box.textContent).toContain("In another browser you had: 3 boxes");
  box.querySelector<HTMLElement>("[data-testid=draft-take]")?.click();
  box.querySelector<HTMLElement>("[data-testid=draft-leave]")?.click();
  expect(told).toEqual(["draft-take", "draft-leave"]);
});
