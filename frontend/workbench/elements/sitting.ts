/** The sitting behind the workbench: opened, woken and left with its page, and asked to go back, retry or discard. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { campaignServer } from "../api/client.ts";
import { previewWorld, shownAt, shownFrom } from "../api/preview.ts";
import { browserWorld, deviceClass } from "../api/world.ts";
import type { Assignment } from "../core/contract.ts";
import type { Box } from "../core/geometry.ts";
import type { HandState } from "../core/journal.ts";
import { Lexicon } from "../core/lexicon.ts";
import { current, editPart, stepsOf, viewOf } from "../core/sequence.ts";
import { Session } from "../core/session.ts";
import type { Desk, SessionState } from "../core/sessionstate.ts";
import { Answering, type Held } from "./answering.ts";
import { Hearing } from "./hearing.ts";
import { jsonScript } from "./jsonscript.ts";
import type { Layering } from "./layering.ts";
import type { Lexicons } from "./lexicons.ts";
import type { Palette } from "./pigments.ts";
import { SUGGESTIONS } from "./shown-through.ts";

export interface SittingHost extends ReactiveControllerHost, HTMLElement {
  readonly api: string;
  readonly person: string;
  readonly preview: boolean;
  readonly task: string;
  readonly contribution: string;
  readonly palette: Palette;
  readonly lexicons: Lexicons;
  readonly layering: Layering;
  readonly hasUpdated: boolean;
  readonly stage: { focus(): void } | null;
  /** How it stands, written by the sitting: of a sequence all of it. */
  now: SessionState | null;
  held: Held;
  /** The picked box as it is right now under the hand. */
  live: Box | null;
}

export class Sitting implements ReactiveController {
  #session: Session | null = null;
  #desk: Desk | null = null;
  #hand: Answering | null = null;

  constructor(private readonly host: SittingHost) {
    host.addController(this);
    new Hearing(host, (on, signal) => {
      const again = () => void this.#session?.retry();
      addEventListener("online", again, { signal });
      addEventListener("pagehide", () => this.#session?.letGo(), { signal });
      document.addEventListener(
        "visibilitychange",
        () => (document.hidden ? this.#session?.draft.flush() : again()),
        { signal },
      );
      on("tool-back", () => void this.back());
      on<{ contribution: string }>("trail-go", ({ contribution }) => void this.#goTo(contribution));
      on("trail-open", () => void this.#session?.past.remember());
      on<{ contribution: string }>("choice-mine", (of) => void this.#session?.past.keepMine(of.contribution));
      on<{ contribution: string }>(
        "choice-other",
        (of) => void this.#session?.past.keepOther(of.contribution),
      );
      on<{ contribution: string }>("choice-both", (of) => void this.#session?.past.keepBoth(of.contribution));
      on("draft-take", () => this.#session?.draft.takeOther());
      on("draft-leave", () => this.#session?.draft.leaveOther());
      on<{ corners: HandState["sketch"] }>("stage-sketch", ({ corners: sketch }) =>
        this.#session?.draft.hold({ sketch }),
      );
      on("known-away", () => this.#session?.putAway());
      on("status-retry", () => void this.#session?.retryRefused());
      on("status-discard", () => void this.#session?.discardRefused());
    });
  }

  hostConnected(): void {
    if (this.host.hasUpdated) void this.open();
  }

  hostDisconnected(): void {
    this.#session?.letGo();
    this.#session?.close();
    this.#session = this.#desk = this.#hand = null;
  }

  get session(): Session | null {
    return this.#session;
  }

  /** What the hand works at: of a sequence the step at hand. */
  get desk(): Desk | null {
    return this.#desk;
  }

  get hand(): Answering | null {
    return this.#hand;
  }

  /** The name of the step at hand; empty where one question is asked. */
  get step(): string {
    return this.#desk?.step ?? "";
  }

  back(): Promise<void> | undefined {
    return this.#session?.past.back();
  }

  async open(): Promise<void> {
    const { host } = this;
    const { api, lang, person, contribution: revisit } = host;
    const server = campaignServer(api, lang);
    const samples = [jsonScript<Assignment | Assignment[]>(host.task) ?? []].flat();
    const show = samples.length ? shownFrom(samples) : shownAt(api, lang);
    const world = host.preview ? previewWorld(server, show) : await browserWorld(server);
    if (!host.isConnected) return;
    const options = { campaign: api, person, locale: lang, device: deviceClass(), revisit };
    const session = new Session(world, options, (now) => {
      host.now = now;
    });
    this.#session = session;
    this.#desk = deskOf(session);
    const hold = (held: Held) => {
      host.held = held;
      host.live = null;
    };
    this.#hand = new Answering(this.#desk, host.palette, hold, () => host.layering.leastOf(SUGGESTIONS));
    await session.start();
    const { vocabulary } = session.state.campaign ?? {};
    host.lexicons.begin((step) => {
      const key = `recent/${person}/${vocabulary?.slug}${step && `/${step}`}/${lang}`;
      const lexicon = new Lexicon(world.server, world.shelf, key, step);
      if (vocabulary) lexicon.proposeAt = `/vocab/${vocabulary.slug}/propose/`;
      return lexicon;
    });
    await host.lexicons.use(this.step);
  }

  async #goTo(contribution: string): Promise<void> {
    await this.#session?.past.revisit(contribution);
    this.host.stage?.focus();
  }
}

/** What the hand does is done to the step at hand. */
function deskOf(session: Session): Desk {
  const stepAt = () => current(stepsOf(session.state.campaign), session.state.history.present);
  return {
    get state() {
      return viewOf(session.state);
    },
    get answer() {
      return viewOf(session.state).history.present;
    },
    get step() {
      return stepAt();
    },
    draft: session.draft,
    past: session.past,
    offer: (task, predictions) => session.offer(task, predictions),
    change: (edit, stroke) => {
      const steps = stepsOf(session.state.campaign);
      const key = stroke && `${stepAt()} ${stroke}`;
      session.change((now) => (steps.length ? editPart(steps, now, edit) : edit(now)), key);
    },
  };
}
