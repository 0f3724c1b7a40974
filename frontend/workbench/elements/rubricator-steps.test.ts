import { afterEach, describe, expect, it } from "vitest";
import type { StepAsked } from "../core/contract.ts";
import { type Answer, BLANK, fromOwn, isBlank, saysTheSame, toContribution } from "../core/draft.ts";
import { assignment, CAMPAIGN } from "../core/fixtures.ts";
import { step as advance, begin, undo } from "../core/history.ts";
import { accept, reject } from "../core/judging.ts";
import {
  asAsked,
  current,
  editPart,
  goTo,
  isAsked,
  nextOpen,
  standing,
  viewOf,
  wanting,
} from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import { write } from "../core/writing.ts";
import "./rubricator-steps.ts";

const question = (prompt: string, more: Partial<StepAsked["question"]>): StepAsked["question"] => ({
  ...CAMPAIGN.question,
  prompt: { en: prompt },
  draws: false,
  ...more,
});
const STEPS: readonly StepAsked[] = [
  { name: "mark", question: question("Is there a watermark?", { takes_nothing: false }), condition: null },
  {
    name: "where",
    question: question("Draw it", { draws: true }),
    condition: { step: "mark", answers: ["yes"] },
  },
  {
    name: "words",
    question: question("What is it?", { writes: true }),
    condition: { step: "where", something: true },
  },
];
const YES = { id: "yes", label: "Yes" };
const NO = { id: "no", label: "No" };
const CAMPAIGN_OF_STEPS = { ...CAMPAIGN, question: { ...CAMPAIGN.question, steps: STEPS } };

const say = (answer: Answer, concept: typeof YES): Answer =>
  editPart(STEPS, answer, (part) => ({ ...part, concepts: [concept] }));
const draw = (answer: Answer): Answer =>
  editPart(STEPS, goTo(answer, "where"), (part) => ({
    ...part,
    shapes: [{ id: "s", box: [1, 2, 3, 4], concepts: [YES], origin: "drawn", prediction: null }],
  }));
const describeIt = (answer: Answer): Answer =>
  editPart(STEPS, goTo(answer, "words"), (part) => write(part, { value: "A bull", language: "en" }));

describe("a sequence", () => {
  it("asks what the answers before it ask for, and no more", () => {
    expect(STEPS.map(({ name }) => isAsked(STEPS, BLANK, name))).toEqual([true, false, false]);
    const yes = say(BLANK, YES);
    expect(STEPS.map(({ name }) => standing(STEPS, yes, name))).toEqual(["done", "open", "ahead"]);
    const no = say(BLANK, NO);
    expect(STEPS.map(({ name }) => standing(STEPS, no, name))).toEqual(["done", "moot", "moot"]);
    expect([nextOpen(STEPS, BLANK), nextOpen(STEPS, yes), nextOpen(STEPS, no)]).toEqual([
      "mark",
      "where",
      null,
    ]);
    const nothing = editPart(STEPS, goTo(yes, "where"), (part) => ({ ...part, nothingHere: true }));
    expect(nextOpen(STEPS, nothing)).toBeNull();
    expect(wanting(STEPS, draw(yes), "words")).toBe("no-text");
  });

  it("stays at a step until one goes on, and comes back from one that is not asked any more", () => {
    const yes = say(BLANK, YES);
    expect(current(STEPS, yes)).toBe("mark");
    const full = describeIt(draw(yes));
    expect(current(STEPS, full)).toBe("words");
    const other = say(goTo(full, "mark"), NO);
    expect(current(STEPS, goTo(other, "words"))).toBe("mark");
  });

  it("hands in what is asked, and keeps the rest at hand", () => {
    const changed = say(goTo(describeIt(draw(say(BLANK, YES))), "mark"), NO);
    expect(Object.keys(changed.steps ?? {})).toEqual(["mark", "where", "words"]);
    const about = { id: "c", timeSpentS: 1, locale: "en", device: "desktop" } as const;
    const sent = toContribution(asAsked(changed, CAMPAIGN_OF_STEPS), assignment("a"), about);
    expect([sent.nothing_here, Object.keys(sent.steps ?? {})]).toEqual([false, ["mark"]]);
    expect(sent.steps?.mark?.concepts).toEqual(["no"]);
    const again = say(goTo(changed, "mark"), YES);
    expect(nextOpen(STEPS, again)).toBeNull();
  });

  it("comes back from the server as it was handed in", () => {
    const full = describeIt(draw(say(BLANK, YES)));
    const part = { nothing_here: false, shapes: [], concepts: [], texts: [] };
    const own = fromOwn({
      answer: {
        ...part,
        steps: {
          mark: { ...part, concepts: [YES] },
          where: {
            ...part,
            shapes: [{ id: "s", box: [1, 2, 3, 4], concepts: [YES], origin: "drawn", prediction: null }],
          },
          words: { ...part, texts: [{ value: "A bull", language: "en" }] },
        },
        rejected_predictions: [],
        comment: "",
      },
    });
    expect(saysTheSame(own, full)).toBe(true);
    expect(saysTheSame(own, draw(say(BLANK, YES)))).toBe(false);
    expect([isBlank(full), isBlank({ ...BLANK, steps: {} })]).toEqual([false, true]);
  });

  it("is undone across steps", () => {
    const yes = say(BLANK, YES);
    let history = advance(begin(BLANK as Answer), yes);
    history = advance(history, goTo(yes, "where"));
    history = advance(history, draw(yes));
    expect(current(STEPS, undo(undo(history)).present)).toBe("mark");
  });

  it("is seen as the step at hand alone", () => {
    const answer = { ...say(BLANK, YES), comment: "Faint" };
    const session = { campaign: CAMPAIGN_OF_STEPS, history: begin(answer) } as SessionState;
    const view = viewOf(session);
    expect(view.campaign?.question.prompt).toEqual({ en: "Is there a watermark?" });
    expect([view.history.present.concepts, view.history.present.comment]).toEqual([[YES], "Faint"]);
    const single = { campaign: CAMPAIGN, history: begin(answer) } as SessionState;
    expect(viewOf(single)).toBe(single);
  });
});

describe("rubricator-steps", () => {
  afterEach(() => document.body.replaceChildren());

  it("shows where one is, what was said with a way back, and why a step is not asked", async () => {
    const element = document.createElement("rubricator-steps");
    Object.assign(element, { steps: STEPS, answer: goTo(draw(say(BLANK, YES)), "words") });
    document.body.append(element);
    await element.updateComplete;
    const states = () => [...element.querySelectorAll("li")].map((row) => row.dataset.state);
    expect(states()).toEqual(["done", "done", "here"]);
    expect(element.querySelector("[aria-current=step]")?.textContent).toContain("What is it?");
    const told: unknown[] = [];
    element.addEventListener("step-go", (event) => told.push((event as CustomEvent).detail));
    element.querySelector("button")?.click();
    expect(told).toEqual([{ step: "mark" }]);
    element.answer = say(BLANK, NO);
    await element.updateComplete;
    expect(states()).toEqual(["here", "moot", "moot"]);
    expect(element.textContent).toContain("It depends on: Is there a watermark?");
  });
});

describe("a sequence about what is shown", () => {
  const CHECK: readonly StepAsked[] = [
    { name: "right", question: question("Is this right?", { draws: true, judges: true }), condition: null },
    {
      name: "why",
      question: question("Why not?", { writes: true }),
      condition: { step: "right", something: false },
    },
    {
      name: "which",
      question: question("Which one?", {}),
      condition: { step: "right", something: true },
    },
  ];
  const shown = { id: "p", box: [1, 2, 3, 4] as const, points: [], concepts: [YES], confidence: 0.5 };
  const campaign = { ...CAMPAIGN, question: { ...CAMPAIGN.question, steps: CHECK } };
  const wrong = editPart(CHECK, BLANK, (part) => reject(part, shown));

  it("keeps what is rejected once, with the whole, and asks why", () => {
    expect(wrong.rejected).toEqual(["p"]);
    expect(wrong.steps?.right?.rejected).toEqual([]);
    expect(nextOpen(CHECK, wrong)).toBe("why");
    const said = editPart(CHECK, goTo(wrong, "why"), (part) =>
      write(part, { value: "A dog", language: "en" }),
    );
    const sent = toContribution(asAsked(said, campaign), assignment("1"), {
      id: "c",
      timeSpentS: 1,
      locale: "en",
      device: "desktop",
    });
    expect(sent.rejected_predictions).toEqual(["p"]);
    expect(Object.keys(sent.steps ?? {})).toEqual(["right", "why"]);
  });

  it("takes the rejection back when what is shown is accepted after all", () => {
    const right = editPart(CHECK, goTo(wrong, "right"), (part) => accept(part, shown, "s"));
    expect(right.rejected).toEqual([]);
    expect(nextOpen(CHECK, right)).toBe("which");
    expect(standing(CHECK, right, "why")).toBe("moot");
  });

  it("suggests nothing in the steps after", () => {
    const session = {
      campaign,
      assignment: { ...assignment("1"), predictions: [shown] },
      history: begin(BLANK),
    } as unknown as SessionState;
    expect(viewOf(session).assignment?.predictions).toHaveLength(1);
    const after = { ...session, history: begin(wrong) } as SessionState;
    expect(viewOf({ ...after, history: begin(goTo(wrong, "why")) }).assignment?.predictions).toEqual([]);
  });

  it("keeps with the whole what was put on the left", () => {
    const swappedOnce = editPart(STEPS, BLANK, (part) => ({ ...part, left: "b" }));
    expect(swappedOnce.left).toBe("b");
    const session = {
      campaign: CAMPAIGN_OF_STEPS,
      assignment: null,
      history: begin(say(swappedOnce, YES)),
    } as unknown as SessionState;
    expect(viewOf(session).history.present.left).toBe("b");
  });
});
