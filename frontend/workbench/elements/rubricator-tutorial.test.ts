import { afterEach, describe, expect, it, vi } from "vitest";
import { addShape, BLANK } from "../core/draft.ts";
import { en } from "../core/locale/en/index.ts";
import { keepExample } from "./example.ts";
import { RubricatorTutorial } from "./rubricator-tutorial.ts";

const STEPS = [
  {
    id: "1",
    text_html: { en: "<p>Look for <em>clefs</em>.</p>" },
    picture: { crop: "/crop.jpg", box: [10, 20, 300, 200], label: { none: ["f. 1r"] } },
    marks: [
      { box: [30, 40, 50, 60], label: "G clef" },
      {
        box: [0, 0, 9, 9],
        points: [
          [0, 0],
          [9, 0],
          [0, 9],
        ],
        label: "G clef",
      },
      { box: [1, 1, 8, 8], points: [[5, 5]], label: "" },
    ],
    labels: [],
    nothing_here: false,
  },
  {
    id: "2",
    text_html: { en: "<p>That is all.</p>" },
    picture: null,
    marks: [],
    labels: [],
    nothing_here: false,
  },
];

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function serve(seen: boolean): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, { method = "GET" }: RequestInit = {}) => {
    asked.push(`${method} ${url}`);
    return new Response(method === "GET" ? JSON.stringify({ steps: STEPS, seen }) : null, {
      status: method === "GET" ? 200 : 204,
    });
  });
  return asked;
}

async function opened(due: boolean, preview = false): Promise<RubricatorTutorial> {
  const element = new RubricatorTutorial();
  Object.assign(element, { api: "/c/", texts: en, due, preview });
  document.body.append(element);
  await element.updateComplete;
  if (!due) await element.show();
  await vi.waitFor(() => expect(element.querySelector("dialog")?.open).toBe(true));
  await element.updateComplete;
  return element;
}

const press = async (element: RubricatorTutorial, name: string) => {
  element.querySelector<HTMLElement>(`[data-testid=${name}]`)?.click();
  await element.updateComplete;
};

describe("the tutorial", () => {
  it("opens by itself where it is due, goes step by step, and is remembered", async () => {
    const asked = serve(false);
    const element = await opened(true);
    expect(element.querySelector(".rw-prose em")?.textContent).toBe("clefs");
    expect(element.querySelector("svg[role=img]")?.getAttribute("viewBox")).toBe("10 20 300 200");
    expect(element.querySelector("polygon")?.getAttribute("points")).toBe("0,0 9,0 0,9");
    expect(element.querySelector("circle")?.getAttribute("cx")).toBe("5");
    expect(element.querySelector("rect")?.getAttribute("x")).toBe("30");
    expect(element.querySelector("figcaption")?.textContent).toBe("G clef");
    expect(element.querySelector(".rw-lesson-count")?.textContent).toBe("Step 1 of 2");
    element.querySelector("dialog")?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    await element.updateComplete;
    expect(element.querySelector("[data-testid=lesson-next]")?.textContent?.trim()).toBe("To the images");
    await press(element, "lesson-next");
    expect(element.querySelector("dialog")?.open).toBe(false);
    await vi.waitFor(() => expect(asked).toEqual(["GET /c/tutorial/", "POST /c/tutorial/seen/"]));
  });

  it("is skipped by one press, and that is remembered too", async () => {
    const asked = serve(false);
    await press(await opened(false), "lessons-skip");
    await vi.waitFor(() => expect(asked).toContain("POST /c/tutorial/seen/"));
  });

  it("tells the server nothing again, and nothing in a preview", async () => {
    const asked = serve(true);
    await press(await opened(false), "lessons-skip");
    document.body.replaceChildren();
    await press(await opened(true, true), "lessons-skip");
    expect(asked).toEqual(["GET /c/tutorial/", "GET /c/tutorial/"]);
  });

  it("says so when it cannot be loaded", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    const element = await opened(false);
    expect(element.querySelector("[role=alert]")?.textContent).toBe(en.lessonsFailed);
  });
});

describe("an example", () => {
  it("goes into the form of the page", () => {
    document.body.innerHTML = '<form id="f"><input name="example"></form>';
    const form = document.querySelector("form") as HTMLFormElement;
    const sent = vi.fn((event: Event) => event.preventDefault());
    form.addEventListener("submit", sent);
    keepExample("f", addShape(BLANK, "s", [1, 2, 3, 4], [{ id: "g", label: "G clef" }]));
    expect(sent).toHaveBeenCalledOnce();
    expect(JSON.parse(form.querySelector("input")?.value ?? "")).toEqual({
      nothing_here: false,
      shapes: [{ box: [1, 2, 3, 4], points: [], concepts: ["g"] }],
      concepts: [],
    });
  });
});
