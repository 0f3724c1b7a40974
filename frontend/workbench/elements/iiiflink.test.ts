import { describe, expect, it } from "vitest";
import { contentStateIn, encodeState } from "./iiiflink.ts";

const decoded = (text: string | null): unknown =>
  JSON.parse(decodeURIComponent(atob((text ?? "").replaceAll("-", "+").replaceAll("_", "/"))));

describe("what is dropped or pasted", () => {
  const manifest = "https://example.org/iiif/m?x=1";
  const canvas = "https://example.org/iiif/c 1";
  const viewer = `https://viewer.example/?manifest=${encodeURIComponent(manifest)}`;

  it.each([
    ["a plain address", "https://example.org/m", "https://example.org/m"],
    [
      "a list of addresses",
      "# comment\r\nhttps://example.org/m\r\nhttps://example.org/n",
      "https://example.org/m",
    ],
    ["an icon with its manifest", viewer, manifest],
    ["a link with a content state", "https://viewer.example/?iiif-content=abc", "abc"],
  ])("%s", (_what, text, state) => {
    expect(contentStateIn(text)).toBe(state);
  });

  it("names the manifest of a canvas", () => {
    const state = contentStateIn(`${viewer}&canvas=${encodeURIComponent(canvas)}`);
    expect(decoded(state)).toEqual({
      id: canvas,
      type: "Canvas",
      partOf: [{ id: manifest, type: "Manifest" }],
    });
  });

  it("encodes JSON of any language", () => {
    const state = { id: "https://example.org/c", type: "Canvas", label: "Élodie 漢 😀" };
    expect(decoded(contentStateIn(JSON.stringify(state)))).toEqual(state);
    expect(encodeState("😀?>")).toMatch(/^[\w-]+$/);
  });

  it.each(["", "hello", "{", "javascript:alert(1)", "ftp://example.org/m", "  "])(
    "%s is no IIIF link",
    (text) => {
      expect(contentStateIn(text)).toBeNull();
    },
  );
});
