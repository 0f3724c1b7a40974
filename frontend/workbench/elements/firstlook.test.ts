import { afterEach, expect, it, vi } from "vitest";
import { assignment, PretendServer, settled, world } from "../core/fixtures.ts";

let place: ReturnType<typeof world<PretendServer>>;

vi.mock("./rubricator-stage.ts", () => ({}));
vi.mock("../api/client.ts", async (original) => ({
  ...(await original<typeof import("../api/client.ts")>()),
  campaignServer: () => place.server,
}));
let give: () => void = () => undefined;
vi.mock("../api/world.ts", async (original) => ({
  ...(await original<typeof import("../api/world.ts")>()),
  browserWorld: () =>
    new Promise((resolve) => {
      give = () => resolve(place);
    }),
}));

const { RubricatorWorkbench } = await import("./rubricator-workbench.ts");

afterEach(() => document.body.replaceChildren());

it("leaves what the server has painted until there is a first image, and no longer", async () => {
  place = world(new PretendServer([assignment("a1")]));
  const bench = Object.assign(new RubricatorWorkbench(), { api: "/c/", lang: "en" });
  bench.innerHTML = `<div class="rw-first-look"><h1>Draw every clef</h1></div>`;
  document.body.append(bench);
  await settled();
  expect(bench.querySelector("h1")?.textContent).toBe("Draw every clef");
  give();
  await settled();
  await place.clock.wind(1_000);
  expect(bench.querySelector(".rw-workbench")?.getAttribute("data-phase")).toBe("working");
  expect(bench.querySelector(".rw-first-look")).toBeNull();
});
