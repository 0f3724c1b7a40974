import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Amendment } from "../core/contract.ts";
import { campaignServer, csrfToken, request } from "./client.ts";

const fetched = vi.fn<typeof fetch>();

beforeEach(() => vi.stubGlobal("fetch", fetched));
afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockReset();
  document.head.innerHTML = "";
});

const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  fetched.mockImplementation(
    async () => new Response(status === 204 ? null : JSON.stringify(body), { status, headers }),
  );

describe("a failure is sorted by what one can do about it", () => {
  it.each([
    [401, {}, "signin"],
    [403, { code: "csrf-failed", detail: "CSRF token missing." }, "signin"],
    [403, { code: "not-allowed", detail: "Only members." }, "refused"],
    [404, {}, "refused"],
    [409, { detail: "Same id, other content." }, "refused"],
    [422, { detail: "The box leaves its canvas." }, "refused"],
    [429, {}, "server"],
    [500, {}, "server"],
    [503, {}, "server"],
  ])("%i %o → %s", async (status, body, kind) => {
    answer(status, body);
    await expect(request("/x")).rejects.toMatchObject({ name: "Trouble", kind });
  });

  it("knows no connection, a page instead of JSON, and how long to wait", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(request("/x")).rejects.toMatchObject({ kind: "offline" });
    fetched.mockResolvedValueOnce(new Response("<html>", { status: 200 }));
    await expect(request("/x")).rejects.toMatchObject({ kind: "server" });
    fetched.mockResolvedValueOnce(new Response("", { status: 503, headers: { "Retry-After": "17" } }));
    await expect(request("/x")).rejects.toMatchObject({ kind: "server", retryAfterS: 17 });
  });

  it("passes on what stands on the server instead", async () => {
    answer(409, { code: "changed-meanwhile", present: { revision: 2 } });
    await expect(request("/x")).rejects.toMatchObject({ kind: "refused", present: { revision: 2 } });
  });

  it("passes the server's sentence on", async () => {
    answer(422, { detail: "The box leaves its canvas.", code: "box-outside-canvas" });
    await expect(request("/x")).rejects.toMatchObject({
      detail: "The box leaves its canvas.",
      code: "box-outside-canvas",
    });
  });
});

it("sends the token with whatever changes something, and only then", async () => {
  document.head.innerHTML = '<meta name="csrf-token" content="secret">';
  expect(csrfToken()).toBe("secret");
  answer(200);
  await request("/x");
  await request("/x", { method: "POST", json: { a: 1 } });
  const headers = fetched.mock.calls.map(([, init]) => new Headers(init?.headers).get("X-CSRFToken"));
  expect(headers).toEqual([null, "secret"]);
  expect(fetched.mock.calls[1]?.[1]?.body).toBe('{"a":1}');
});

it("knows the addresses of the contract", async () => {
  answer(200);
  const server = campaignServer("http://localhost/api/v1/campaigns/clefs/", "fr");
  await server.claim({ resume: true });
  await server.skip("a1");
  await server.concepts("clé", 5);
  await server.mine(10);
  await server.own("c1");
  await server.amend("c1", { id: "m1", based_on: 1 } as Amendment);
  expect(fetched.mock.calls.map(([url]) => String(url))).toEqual([
    "http://localhost/api/v1/campaigns/clefs/assignments/",
    "http://localhost/api/v1/assignments/a1/skip/",
    "http://localhost/api/v1/campaigns/clefs/concepts/?q=cl%C3%A9&lang=fr&limit=5",
    "http://localhost/api/v1/campaigns/clefs/contributions/mine/?limit=10",
    "http://localhost/api/v1/contributions/c1/",
    "http://localhost/api/v1/contributions/c1/",
  ]);
  expect(fetched.mock.calls.at(-1)?.[1]?.method).toBe("PUT");
});
