import { afterEach, describe, expect, it } from "vitest";
import { takeLinks } from "./dropping.ts";

afterEach(() => document.body.replaceChildren());

function form(): { form: HTMLFormElement; went: string[] } {
  document.body.innerHTML = '<form data-iiif-drop="/open/"><input></form>';
  const went: string[] = [];
  takeLinks(document, (address) => went.push(address));
  return { form: document.querySelector("form") as HTMLFormElement, went };
}

function send(target: Element, name: string, data: Record<string, string>, types = Object.keys(data)): Event {
  const event = new Event(name, { bubbles: true, cancelable: true });
  const transfer = { types, getData: (type: string) => data[type] ?? "" };
  Object.assign(event, name === "paste" ? { clipboardData: transfer } : { dataTransfer: transfer });
  target.dispatchEvent(event);
  return event;
}

describe("a form that takes links", () => {
  it("opens what is dropped on it", () => {
    const { form: target, went } = form();
    expect(send(target, "dragover", { "text/plain": "" }).defaultPrevented).toBe(true);
    send(target, "drop", { "text/uri-list": "https://v.example/?manifest=https%3A%2F%2Fe.org%2Fm" });
    expect(went).toEqual(["/open/?iiif-content=https%3A%2F%2Fe.org%2Fm"]);
    expect(target.dataset.over).toBeUndefined();
  });

  it("leaves files and plain addresses to their fields", () => {
    const { form: target, went } = form();
    expect(send(target, "drop", {}, ["Files"]).defaultPrevented).toBe(false);
    expect(send(target, "paste", { "text/plain": "https://e.org/m" }).defaultPrevented).toBe(false);
    send(target, "drop", { "text/plain": "just words" });
    expect(went).toEqual([]);
  });

  it("opens a content state that is pasted", () => {
    const { form: target, went } = form();
    send(target, "paste", { "text/plain": '{"id": "https://e.org/c", "type": "Canvas"}' });
    expect(went).toHaveLength(1);
    expect(went[0]).toMatch(/^\/open\/\?iiif-content=[\w-]+$/);
  });
});
