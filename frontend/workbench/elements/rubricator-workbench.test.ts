import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { assignment, CAMPAIGN, PretendServer, settled, world } from "../core/fixtures.ts";

let server: PretendServer;
let place: ReturnType<typeof world<PretendServer>>;

vi.mock("./rubricator-stage.ts", () => ({}));
vi.mock("../api/client.ts", async (original) => ({
  ...(await original<typeof import("../api/client.ts")>()),
  campaignServer: () => server,
}));
vi.mock("../api/world.ts", async (original) => ({
  ...(await original<typeof import("../api/world.ts")>()),
  browserWorld: async () => place,
}));

/** Whether the picture is on the screen. */
let isSeen = true;
class PretendStage extends HTMLElement {
  get isSeen(): boolean {
    return isSeen;
  }
  key(): boolean {
    return false;
  }
  carry(): void {}
  override focus(): void {}
}
customElements.define("rubricator-stage", PretendStage);

const { RubricatorWorkbench } = await import("./rubricator-workbench.ts");
const G = { id: "g", label: "G clef" };
const about = (id: string) =>
  assignment(id, { predictions: [{ id: `p-${id}`, box: [1, 2, 3, 4], concepts: [G], confidence: 0.5 }] });
const press = async (key: string, repeat = false) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, bubbles: true, cancelable: true }));
  await settled();
};
let now = 1_000;

beforeEach(async () => {
  isSeen = true;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  server = new PretendServer(["a1", "a2", "a3", "a4"].map(about));
  server.campaigned = { ...CAMPAIGN, question: { ...CAMPAIGN.question, kind: "verify", judges: true } };
  place = world(server);
  const bench = Object.assign(new RubricatorWorkbench(), { api: "/c/", lang: "en" });
  document.body.append(bench);
  await settled();
  await place.clock.wind(1_000);
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

it("counts a judgement for the image on the screen, and for none that is on its way", async () => {
  isSeen = false;
  await press("a");
  expect(server.received).toEqual([]);
  expect(document.querySelector("[data-testid=said]")?.textContent).toContain("not there yet");
  isSeen = true;
  await press("a");
  expect(server.received.map((one) => one.assignment)).toEqual(["a1"]);
});

it("takes a double press, and a key held down, for one", async () => {
  for (const repeat of [false, true, false]) {
    await press("a", repeat);
    now += 100;
  }
  expect(server.received.map((one) => one.assignment)).toEqual(["a1"]);
  now += 300;
  await press("a");
  await press("r");
  expect(server.received.map((one) => one.assignment)).toEqual(["a1", "a2", "a3"]);
});
