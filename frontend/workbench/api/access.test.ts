import { afterEach, describe, expect, it, vi } from "vitest";
import { NoToken } from "../core/access.ts";
import { assignment } from "../core/fixtures.ts";
import { browser } from "./access.ts";

const CANVAS = assignment("a").task.canvas;

const TOKEN = "https://library.example/token?a=1";

function post(data: unknown, origin = "https://library.example"): void {
  window.dispatchEvent(new MessageEvent("message", { data, origin }));
}

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("the token service", () => {
  const ask = () => {
    vi.spyOn(document.body, "append").mockImplementation((node) => {
      // No network in a test: the frame is looked at, not loaded.
      Object.defineProperty(frameless, "node", { value: node, configurable: true, writable: true });
    });
    const token = browser.token(TOKEN);
    const src = new URL((frameless.node as HTMLIFrameElement).src);
    return { token, src, messageId: src.searchParams.get("messageId") };
  };
  const frameless: { node?: unknown } = {};

  it("is told who waits, in a frame that nobody sees", () => {
    const { src, token } = ask();
    token.catch(() => undefined);
    expect(src.origin + src.pathname).toBe("https://library.example/token");
    expect(src.searchParams.get("a")).toBe("1");
    expect(src.searchParams.get("origin")).toBe(location.origin);
    expect((frameless.node as HTMLIFrameElement).hidden).toBe(true);
  });

  it("is believed when the message is ours and comes from there", async () => {
    const { token, messageId } = ask();
    post({ messageId, accessToken: "forged" }, "https://evil.example");
    post({ messageId: "another", accessToken: "another" });
    post(null);
    const before = Date.now();
    post({ messageId, accessToken: "t", expiresIn: 60 });
    const { accessToken, until } = await token;
    expect(accessToken).toBe("t");
    expect(until).toBeGreaterThanOrEqual(before + 60_000);
  });

  it("says why there is no token, in either version", async () => {
    const first = ask();
    post({ messageId: first.messageId, error: "missingCredentials", description: "Call Bob" });
    await expect(first.token).rejects.toMatchObject({ note: { none: ["Call Bob"] } });
    const second = ask();
    post({ messageId: second.messageId, profile: "missingAspect", heading: { en: ["No"] } });
    await expect(second.token).rejects.toMatchObject({ heading: { en: ["No"] } });
  });

  it("is not waited for without end", async () => {
    vi.useFakeTimers();
    const { token } = ask();
    const failed = expect(token).rejects.toBeInstanceOf(NoToken);
    vi.advanceTimersByTime(20_000);
    await failed;
  });
});

describe("the access service", () => {
  it("is told who asks, and waited for until its window is closed", async () => {
    vi.useFakeTimers();
    const opened = { closed: false };
    const open = vi.spyOn(window, "open").mockReturnValue(opened as Window);
    const visited = vi.fn();
    const visit = browser.visit("https://library.example/login").then(visited);
    expect(open).toHaveBeenCalledWith(
      `https://library.example/login?origin=${encodeURIComponent(location.origin)}`,
    );
    await vi.advanceTimersByTimeAsync(1000);
    expect(visited).not.toHaveBeenCalled();
    opened.closed = true;
    await vi.advanceTimersByTimeAsync(1000);
    await visit;
  });

  it("may be kept from opening", async () => {
    vi.spyOn(window, "open").mockReturnValue(null);
    await expect(browser.visit("https://library.example/login")).rejects.toThrow();
  });
});

describe("the probe", () => {
  const auth = {
    version: 2,
    probe: "https://library.example/probe",
    access: [],
    heading: {},
    note: {},
  } as const;
  const second = { ...CANVAS, image: { ...CANVAS.image, auth } };
  const first = {
    ...CANVAS,
    image: { ...CANVAS.image, service: "https://library.example/1", auth: { ...auth, probe: null } },
  };
  const answer = (body: unknown, status = 200, more: object = {}) => {
    const response = Object.assign(new Response(JSON.stringify(body), { status }));
    for (const [key, value] of Object.entries(more)) Object.defineProperty(response, key, { value });
    return vi.spyOn(globalThis, "fetch").mockResolvedValue(response);
  };

  it("gets the token, and nothing else that says who we are", async () => {
    const fetching = answer({ status: 302 });
    expect(await browser.probe(second, "t")).toEqual({ status: 302 });
    expect(fetching).toHaveBeenCalledWith("https://library.example/probe", {
      headers: { Authorization: "Bearer t" },
      credentials: "omit",
    });
  });

  it("is the info.json in version 1", async () => {
    const fetching = answer({ "@id": "x" });
    expect(await browser.probe(first, "t")).toEqual({ status: 200, info: { "@id": "x" } });
    expect(fetching.mock.calls[0]?.[0]).toBe("https://library.example/1/info.json");
    answer({}, 401);
    expect(await browser.probe(first, null)).toEqual({ status: 401 });
  });

  it("knows the lesser image that version 1 redirects to", async () => {
    answer({}, 200, { redirected: true, url: "https://library.example/1-small/info.json" });
    expect(await browser.probe(first, null)).toMatchObject({
      status: 401,
      substitute: [{ id: "https://library.example/1-small" }],
    });
  });
});
