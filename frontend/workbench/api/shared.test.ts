import { beforeEach, describe, expect, it, vi } from "vitest";
import { sharedServer, vocabularyServer } from "./shared.ts";

const CHANGES = "/api/v1/layers/l/canvases/c/changes/";
const asked: { url: string; init: RequestInit }[] = [];
let answer: () => Response;

beforeEach(() => {
  asked.length = 0;
  answer = () => new Response("{}", { headers: { ETag: '"3-json"' } });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url: String(url), init });
    return answer();
  });
});

const server = () => sharedServer(CHANGES, "/w3c/l/", "me", "fr");
const sent = (name: string) => new Headers(asked[0]?.init.headers).get(name);

describe("a shared canvas over HTTP", () => {
  it("asks for news with what is known, what is held and who one is", async () => {
    await server().news(null, null);
    await server().news("a.1.2:3:", "x");
    expect(asked.map(({ url }) => url)).toEqual([
      `${CHANGES}?client=me`,
      `${CHANGES}?client=me&since=a.1.2%3A3%3A&holds=x`,
    ]);
  });

  it("posts to the container and learns the revision from the ETag", async () => {
    expect(await server().create({ id: "urn:uuid:x" })).toBe(3);
    expect(asked[0]).toMatchObject({ url: "/w3c/l/", init: { method: "POST", body: '{"id":"urn:uuid:x"}' } });
  });

  it("changes and deletes only the revision that was seen", async () => {
    expect(await server().change("x", {}, 2)).toBe(3);
    expect(asked[0]).toMatchObject({ url: "/w3c/l/x", init: { method: "PUT" } });
    expect(sent("If-Match")).toBe('"2"');
    asked.length = 0;
    answer = () => new Response(null, { status: 204 });
    await server().remove("x", 7);
    expect(asked[0]).toMatchObject({ url: "/w3c/l/x", init: { method: "DELETE" } });
    expect(sent("If-Match")).toBe('"7"');
  });

  it("tells a stale change from a broken server by its code", async () => {
    answer = () => Response.json({ code: "stale", detail: "It changed." }, { status: 412 });
    await expect(server().change("x", {}, 1)).rejects.toMatchObject({ kind: "refused", code: "stale" });
    answer = () => new Response("<html>", { status: 502 });
    await expect(server().change("x", {}, 1)).rejects.toMatchObject({ kind: "server" });
  });

  it("takes a page without an ETag for no answer of ours", async () => {
    answer = () => new Response("<html>a proxy's page</html>");
    await expect(server().create({})).rejects.toMatchObject({ kind: "server" });
  });

  it("says good-bye without waiting, whatever becomes of it", () => {
    answer = () => new Response(null, { status: 500 });
    server().leave();
    expect(asked[0]).toMatchObject({
      url: `${CHANGES}?client=me`,
      init: { method: "DELETE", keepalive: true },
    });
  });

  it("searches a vocabulary for labels", async () => {
    answer = () => Response.json({ items: [], total: 0 });
    await vocabularyServer("signs", "fr").concepts("clé", 9);
    expect(asked[0]?.url).toBe("/api/v1/vocabularies/signs/concepts/?q=cl%C3%A9&lang=fr&limit=9");
  });
});
