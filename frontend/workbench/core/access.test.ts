import { describe, expect, it } from "vitest";
import { type Browser, Doorkeeper, NoToken, type Probed } from "./access.ts";
import type { AccessService, Auth, Canvas } from "./contract.ts";

const SERVICE: AccessService = {
  profile: "active",
  url: "https://library.example/login",
  token: "https://library.example/token",
  logout: null,
  label: { en: ["Login to the library"] },
  heading: {},
  note: {},
  confirm: {},
};
const EXTERNAL: AccessService = {
  ...SERVICE,
  profile: "external",
  url: null,
  token: "https://library.example/ip",
};
const AUTH: Auth = {
  version: 2,
  probe: "https://library.example/probe/1",
  access: [SERVICE],
  heading: { en: ["Not for you"] },
  note: {},
};
const canvas = (access: readonly AccessService[] = [SERVICE]): Canvas => ({
  id: "c",
  uri: "https://library.example/c",
  label: {},
  width: 100,
  height: 100,
  image: {
    service: "https://library.example/image/1",
    version: 3,
    url: "https://library.example/1.jpg",
    width: 100,
    height: 100,
    auth: { ...AUTH, access },
  },
});
const LOCATION = { id: "https://library.example/with/pass/1", type: "ImageService3" };

/** A browser in which tokens open the door; writes down what is asked of it. */
function fake(opened: Probed, more: Partial<Browser> = {}, closed: Probed = { status: 401 }) {
  const asked: string[] = [];
  const browser: Browser = {
    probe: async (_canvas, token) => {
      asked.push(`probe ${token}`);
      return token ? opened : closed;
    },
    token: async (service) => {
      asked.push(`token ${service}`);
      return { accessToken: "t", until: 1000 };
    },
    visit: async (service) => {
      asked.push(`visit ${service}`);
    },
    now: () => 0,
    ...more,
  };
  return { keeper: new Doorkeeper(browser), asked };
}

describe("without a click", () => {
  it("asks nothing where nothing is protected", async () => {
    const { keeper, asked } = fake({ status: 200 });
    const open = { ...canvas(), image: { ...canvas().image, auth: null } };
    expect(await keeper.admit(open)).toEqual({ canvas: open, ask: null });
    expect(asked).toEqual([]);
  });

  it("shows at once what the probe lets through", async () => {
    const { keeper, asked } = fake({ status: 200 }, {}, { status: 200 });
    expect(await keeper.admit(canvas())).toEqual({ canvas: canvas(), ask: null });
    expect(asked).toEqual(["probe null"]);
  });

  it("asks to sign in where it does not, and is not reproachful yet", async () => {
    const { keeper, asked } = fake({ status: 200 });
    expect(await keeper.admit(canvas())).toEqual({ canvas: null, ask: SERVICE });
    expect(asked).toEqual(["probe null"]);
  });

  it("shows the substitute meanwhile", async () => {
    const substitute = [{ id: "https://library.example/small.jpg", type: "Image" }];
    const { keeper } = fake({ status: 200 }, {}, { status: 401, substitute });
    const { canvas: shown, ask } = await keeper.admit(canvas());
    expect(shown?.image).toMatchObject({ service: null, url: "https://library.example/small.jpg" });
    expect(ask).toEqual(SERVICE);
  });

  it("tries external services, which have no page", async () => {
    const { keeper, asked } = fake({ status: 200 });
    expect((await keeper.admit(canvas([EXTERNAL, SERVICE]))).ask).toBeNull();
    expect(asked).toEqual(["probe null", `token ${EXTERNAL.token}`, "probe t"]);
  });

  it("goes on to the sign-in when an external service gives no token", async () => {
    const token = () => Promise.reject(new NoToken());
    const { keeper } = fake({ status: 200 }, { token });
    expect(await keeper.admit(canvas([EXTERNAL, SERVICE]))).toEqual({ canvas: null, ask: SERVICE });
  });
});

describe("after a click", () => {
  it("visits, gets a token, probes, and shows what the probe points to", async () => {
    const { keeper, asked } = fake({ status: 302, location: LOCATION });
    const { canvas: shown, ask } = await keeper.enter(canvas(), SERVICE);
    expect(asked).toEqual([`visit ${SERVICE.url}`, `token ${SERVICE.token}`, "probe t"]);
    expect(shown?.image).toMatchObject({ service: LOCATION.id, url: null });
    expect(ask).toBeNull();
  });

  it("opens the window before anything is awaited", () => {
    const { keeper, asked } = fake({ status: 200 });
    void keeper.enter(canvas(), SERVICE);
    expect(asked).toEqual([`visit ${SERVICE.url}`]);
  });

  it("keeps the token for the next image, as long as it lasts", async () => {
    let now = 0;
    const { keeper, asked } = fake({ status: 200 }, { now: () => now });
    await keeper.enter(canvas(), SERVICE);
    asked.length = 0;
    expect((await keeper.admit({ ...canvas(), id: "d" })).ask).toBeNull();
    expect(asked).toEqual(["probe null", "probe t"]);
    now = 2000;
    expect((await keeper.admit({ ...canvas(), id: "e" })).ask).toEqual(SERVICE);
  });

  it("says what the token service said", async () => {
    const words = [{ en: ["No"] }, { en: ["Call Bob"] }] as const;
    const token = () => Promise.reject(new NoToken(...words));
    const { keeper } = fake({ status: 200 }, { token });
    const outcome = await keeper.enter(canvas(), SERVICE);
    expect(outcome).toEqual({ canvas: null, ask: SERVICE, heading: words[0], note: words[1] });
  });

  it("says what the probe said, or else what the manifest holds ready", async () => {
    expect(await fake({ status: 403 }).keeper.enter(canvas(), SERVICE)).toMatchObject({
      canvas: null,
      ask: SERVICE,
      heading: AUTH.heading,
    });
    const heading = { en: ["Only in the reading room"] };
    expect((await fake({ status: 403, heading }).keeper.enter(canvas(), SERVICE)).heading).toEqual(heading);
  });

  it("hands on the info.json of version 1, which cannot be had again without the token", async () => {
    const info = { "@id": "https://library.example/image/1" };
    const { keeper } = fake({ status: 200, info });
    expect((await keeper.enter(canvas(), SERVICE)).canvas?.image.info).toEqual(info);
  });

  it("lets a blocked window be told apart", async () => {
    const { keeper } = fake({ status: 200 }, { visit: () => Promise.reject(new Error("blocked")) });
    await expect(keeper.enter(canvas(), SERVICE)).rejects.toThrow("blocked");
  });
});
