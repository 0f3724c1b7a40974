import { afterEach, describe, expect, it, vi } from "vitest";
import { en } from "../core/locale/en/index.ts";
import { RubricatorReport } from "./rubricator-report.ts";

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open(): Promise<RubricatorReport> {
  const element = Object.assign(new RubricatorReport(), { api: "/c/", task: "t1", texts: en });
  document.body.append(element);
  await element.updateComplete;
  element.querySelector<HTMLElement>("[data-testid=report]")?.click();
  await element.updateComplete;
  return element;
}

const send = async (element: RubricatorReport) => {
  element.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
  await vi.waitFor(() => expect(element.querySelector("[role=status], [role=alert]")).not.toBeNull());
};

describe("something is wrong here", () => {
  it("is told with its reason, and a retry is the same report", async () => {
    const bodies: { id: string }[] = [];
    let works = false;
    vi.stubGlobal("fetch", async (_url: string, { body }: RequestInit) => {
      bodies.push(JSON.parse(String(body)));
      if (!works) throw new TypeError("offline");
      return new Response("{}", { status: 201 });
    });
    const element = await open();
    (element.querySelector("[value=foreign]") as HTMLInputElement).checked = true;
    (element.querySelector("textarea") as HTMLTextAreaElement).value = "It is a cover.";
    await send(element);
    expect(element.querySelector("[role=alert]")?.textContent).toBe(en.reportFailed);
    works = true;
    element.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await vi.waitFor(() => expect(element.querySelector("[data-testid=reported]")).not.toBeNull());
    expect(bodies[0]).toMatchObject({ task: "t1", reason: "foreign", text: "It is a cover." });
    expect(bodies[1]?.id).toBe(bodies[0]?.id);
  });

  it("is not offered where no task is shown", async () => {
    const element = Object.assign(new RubricatorReport(), { api: "/c/" });
    document.body.append(element);
    await element.updateComplete;
    expect(element.querySelector("button")).toBeNull();
  });
});
