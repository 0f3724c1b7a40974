/**
 * `<rubricator-workbench api="/api/v1/campaigns/clefs/" lang="fr">`: the volunteer's whole work page.
 * It holds the session and lets the elements inside it speak; what they tell becomes a change of the answer.
 */

import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { campaignServer } from "../api/client.ts";
import { previewWorld, shownAt, shownFrom } from "../api/preview.ts";
import { browserWorld, deviceClass } from "../api/world.ts";
import type { Assignment, Certainty, ConceptRef, Prediction, Written } from "../core/contract.ts";
import { type Obstacle, obstacle, sayNothingHere } from "../core/draft.ts";
import type { Box } from "../core/geometry.ts";
import type { HandState } from "../core/journal.ts";
import { type Judged, judged, surroundings } from "../core/judging.ts";
import { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import type { Place } from "../core/outline.ts";
import { current, editPart, goTo, nextOpen, stepsOf, viewOf, wanting } from "../core/sequence.ts";
import { type Desk, Session, type SessionState } from "../core/session.ts";
import { write } from "../core/writing.ts";
import type { Tool } from "../viewer/gestures.ts";
import type { Command } from "../viewer/keys.ts";
import type { StageShape } from "../viewer/stage.ts";
import { Answering, type Held, NOTHING } from "./answering.ts";
import { type Act, Assisting, type AssistState, type Bench } from "./assisting.ts";
import { assistNote } from "./assistnote.ts";
import { Bunching } from "./bunching.ts";
import { keepExample } from "./example.ts";
import { jsonScript } from "./jsonscript.ts";
import { Keyboard } from "./keyboard.ts";
import { known } from "./known.ts";
import { Layering } from "./layering.ts";
import { LightElement } from "./light.ts";
import { notice } from "./notice.ts";
import { pairOf, swapped } from "./pair.ts";
import { Palette } from "./pigments.ts";
import "./rubricator-branches.ts";
import type { RubricatorAnswer } from "./rubricator-answer.ts";
import type { RubricatorBeside } from "./rubricator-beside.ts";
import type { RubricatorBranches } from "./rubricator-branches.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ImageButton, ToolAction } from "./rubricator-toolbar.ts";
import type { RubricatorTutorial } from "./rubricator-tutorial.ts";
import { around, context, keyMapOf, lettersOf, painted, resting } from "./scene.ts";
import { CONTEXT, layersOfSitting, SUGGESTIONS, shownThrough } from "./shown-through.ts";
import "./rubricator-beside.ts";
import "./rubricator-handed.ts";
import "./rubricator-keys.ts";
import "./rubricator-panel.ts";
import "./rubricator-stage.ts";
import "./rubricator-status.ts";
import "./rubricator-toolbar.ts";
import "./rubricator-trail.ts";
import "./rubricator-tutorial.ts";

const DOUBLE_PRESS_MS = 300;

@customElement("rubricator-workbench")
export class RubricatorWorkbench extends LightElement {
  /** Base address of the campaign in the API, with its closing slash. */
  @property() api = "";
  @property() override lang = document.documentElement.lang || "en";
  /** Shows everything and hands nothing in. */
  @property({ type: Boolean }) preview = false;
  /** Whose drafts to keep, on a browser that several people use: any stable word. */
  @property() person = "";
  /** In a preview: id of a JSON script with the assignment, or a list of them, to show instead of the campaign's own. */
  @property() task = "";
  /** Id of the form on the page that takes what is handed in as an example for the tutorial. */
  @property() example = "";
  /** A contribution of one's own to begin with, to look at or to change. */
  @property() contribution = "";
  @property({ attribute: "login-url" }) loginUrl = "";
  @property({ attribute: "home-url" }) homeUrl = "";
  /** The field guide of the campaign. */
  @property({ attribute: "guide-url" }) guideUrl = "";

  /** Everything; what is shown of a sequence is the step at hand. */
  @state() private sitting: SessionState | null = null;
  @state() private held: Held = NOTHING;
  @state() private tool: Tool = "draw";
  @state() private lexicon: Lexicon | null = null;
  /** The picked box as it is right now under the hand. */
  @state() private live: Box | null = null;
  @state() private assist: AssistState | null = null;

  @state() private imaged: ImageButton = { open: false, changed: false };

  @query("rubricator-beside, rubricator-stage") private stage!: RubricatorStage | RubricatorBeside | null;
  @query("rubricator-label, rubricator-several rubricator-concepts, rubricator-concepts, rubricator-text")
  private labels!: RubricatorLabel | null;
  @query("rubricator-answer") private foot!: RubricatorAnswer | null;
  @query("rubricator-keys") private keys!: RubricatorKeys;
  @query("rubricator-tutorial") private lessons!: RubricatorTutorial | null;
  @query("rubricator-branches") private branches!: RubricatorBranches;

  readonly #palette = new Palette();
  /** Keys of this page by letter: the way back, and the answers of a question that brings them. */
  readonly #own: Record<string, () => void> = {
    b: () => void this.#sitting?.past.back(),
    t: () => void this.lessons?.show(),
    h: () => this.#layering.toggle(),
  };
  readonly #layering = new Layering(this, "work");
  readonly #bunch = new Bunching(this, {
    hand: () => this.#hand,
    sitting: () => this.#desk,
    texts: () => this.texts,
    reveal: (box) => this.stage?.reveal(box),
  });
  readonly #assisting = new Assisting(this.#bench());
  /** Letters that choose among the few answers of the question at hand. */
  #letters: Record<string, () => void> = {};
  readonly #lexicons = new Map<string, Promise<Lexicon>>();
  #openLexicon: ((step: string) => Promise<Lexicon>) | null = null;
  #change: Session["change"] = () => undefined;
  #judged: { verdict: Judged; at: number } = { verdict: "open", at: 0 };
  #sitting: Session | null = null;
  #desk: Desk | null = null;
  #hand: Answering | null = null;
  #listening = new AbortController();

  constructor() {
    super();
    new Keyboard(
      this,
      () => this.stage,
      () => this.#ofWhatIsSeen(() => (this.#hand?.shown ? this.#finish() : this.foot?.submit())),
      () => ({ ...this.#assisting.keys, ...this.#own, ...this.#letters, ...this.#judgingKeys() }),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const retry = () => void this.#sitting?.retry();
    addEventListener("online", retry, { signal });
    addEventListener("pagehide", () => this.#sitting?.letGo(), { signal });
    document.addEventListener(
      "visibilitychange",
      () => (document.hidden ? this.#sitting?.draft.flush() : retry()),
      { signal },
    );
    this.#hear(signal);
    if (this.hasUpdated) void this.#sit();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#sitting?.letGo();
    this.#sitting?.close();
    this.#sitting = this.#desk = this.#hand = null;
  }

  override firstUpdated(): void {
    void this.#sit();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!this.#isNewTask(changed)) return;
    this.#layering.take(this.session ? layersOfSitting(this.session, this.texts) : []);
    this.#assisting.leave();
    this.#hand?.pick(this.session?.hand.picked ?? []);
    this.#bunch.begin();
    this.live = null;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("sitting")) this.#followStep(changed.get("sitting") as SessionState | null | undefined);
    // What the server has painted gives way once there is more to see than that something is being fetched.
    if (this.session && this.session.phase !== "loading") this.querySelector(".rw-first-look")?.remove();
    const now = this.session?.assignment;
    if (now && this.#isNewTask(changed)) {
      this.tell("rubricator-task-shown", { assignment: now.id, task: now.task.id });
      // What an answer taken up again is stands on top of the sheet.
      if (this.session?.revisit) this.querySelector(".rw-sheet")?.scrollTo?.({ top: 0 });
    }
  }

  /** The step at hand as if it were all that is asked; of a single question everything. */
  private get session(): SessionState | null {
    return viewOf(this.sitting);
  }

  private get step(): string {
    const { campaign = null, history } = this.sitting ?? {};
    return history ? current(stepsOf(campaign), history.present) : "";
  }

  get texts(): Texts {
    return textsFor(this.lang, this.session?.campaign?.question.shapes);
  }

  override render() {
    const { session, texts, sitting } = this;
    if (!session || !sitting) return nothing;
    const { draws = true, judges = false, pairs = false } = session.campaign?.question ?? {};
    const still = !draws;
    const retry = () => void this.#sitting?.retry();
    const full = notice(session, texts, { home: this.homeUrl, login: this.loginUrl, retry });
    const { task } = session.assignment ?? {};
    // The stage stays in place through every phase: building a viewer anew would cost the next image its warmth.
    return html`<div class="rw-workbench" dir=${texts.dir} data-phase=${session.phase}>
      <div class="rw-view">
        ${
          pairs && (!task || task.beside)
            ? this.#pair(session)
            : html`<rubricator-stage
          .canvas=${task?.canvas ?? null}
          .region=${judges && task?.region ? surroundings(task.region, [task.canvas.width, task.canvas.height]) : (task?.region ?? null)}
          .around=${around(session)}
          .ahead=${session.next?.task.canvas ?? null}
          .shapes=${this.#shown([...context(session), ...resting(sitting, this.#palette), ...painted(session, this.#palette)])}
          .selected=${this.held.selected}
          .also=${judges ? null : this.held.also}
          ?gathers=${this.#bunch.gathers}
          .tool=${still || judges ? "move" : this.tool}
          .texts=${texts}
          .name=${texts.image}
          .memory=${this.api}
          .draws=${session.campaign?.question.shapes ?? "box"}
          ?readonly=${still || Boolean(session.revisit?.whyNot)}
          ?confirms=${this.#confirms()}
        ></rubricator-stage>`
        }
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          ?undoable=${session.history.past.length > 0}
          ?redoable=${session.history.future.length > 0}
          .drawing=${!still && !judges}
          .draws=${session.campaign?.question.shapes ?? "box"}
          .backable=${this.preview ? null : session.backable}
          ?taught=${this.#taught}
          .imaged=${pairs ? null : this.imaged}
        ></rubricator-toolbar>
        ${full ? nothing : assistNote(this.assist, texts, () => this.#assisting.leave())}
        ${full ? nothing : html`<rubricator-handed .session=${session} .texts=${texts}></rubricator-handed>`}
        ${full ?? nothing}
      </div>
      ${full && session.phase !== "loading" ? this.#unsent(session) : this.#panel(session)}
      <rubricator-keys
        .texts=${texts}
        .map=${this.#keyMap(session)}
        .more=${
          pairs
            ? []
            : [
                ...(judges || still ? [] : [texts.several.keys]),
                texts.imaging.keys(
                  Object.keys({ ...this.#own, ...this.#judgingKeys() }).map((key) => key.toUpperCase()),
                ),
              ]
        }
      ></rubricator-keys>
      <rubricator-branches .server=${this.#assisting.server} .texts=${texts}></rubricator-branches>
      ${this.#bunch.live()}
      ${this.#taught ? this.#tutorial(session) : nothing}
    </div>`;
  }

  #keyMap(session: SessionState): Texts["keyMap"] {
    const { comparing, judging, layers, layering, sequence, writing } = this.texts;
    const { judges, pairs, writes } = session.campaign?.question ?? {};
    if (pairs) return [comparing.keys];
    const drawing = keyMapOf(this.texts, session);
    const ofStep = judges ? [judging.keys] : writes ? [writing.keys, ...drawing.slice(1)] : drawing;
    const map = stepsOf(this.sitting?.campaign ?? null).length ? [sequence.keys, ...ofStep] : ofStep;
    return this.#layering.layers.length ? [...map, [layers, [layering.key]]] : map;
  }

  #shown(shapes: readonly StageShape[]) {
    return shownThrough(shapes, [CONTEXT, SUGGESTIONS], this.#layering, { picked: this.held.selected });
  }

  /** The stage of one image; a pair has none. */
  get #drawn(): RubricatorStage | null {
    return this.querySelector(".rw-view > rubricator-stage");
  }

  #pair({ assignment, history, next }: SessionState) {
    const [first, second] = pairOf(assignment?.task, history.present.left) ?? [null, null];
    return html`<rubricator-beside
      .first=${first}
      .second=${second}
      .ahead=${pairOf(next?.task)}
      lang=${this.lang}
    ></rubricator-beside>`;
  }

  get #taught(): boolean {
    return Boolean(this.session?.campaign?.tutorial?.steps) && !this.example;
  }

  /** It opens by itself before somebody's first image, and never over an answer that was taken up again. */
  #tutorial({ campaign, phase }: SessionState) {
    const due = phase === "working" && !campaign?.tutorial?.seen && !this.contribution;
    return html`<rubricator-tutorial
      api=${this.api}
      .texts=${this.texts}
      ?due=${due}
      ?preview=${this.preview}
    ></rubricator-tutorial>`;
  }

  #panel(session: SessionState) {
    return html`<rubricator-panel
      .session=${session}
      .whole=${this.sitting}
      .selected=${this.held.selected}
      .also=${this.held.also}
      ?gathers=${this.#bunch.gathers}
      .label=${this.held.label}
      .live=${this.live}
      .lexicon=${this.lexicon}
      .palette=${this.#palette}
      .layering=${{ signs: this.#layering.signs, chosen: this.#layering.chosen, veiled: this.#layering.hidden }}
      .texts=${this.texts}
      .assisting=${this.#assisting}
      .assist=${this.assist}
      ?preview=${this.preview}
      ?example=${this.example !== ""}
      login-url=${this.loginUrl}
      guide-url=${this.guideUrl}
      api=${this.api}
      home-url=${this.homeUrl}
    ></rubricator-panel>`;
  }

  /** Between tasks only the fate of what was handed in is of interest, and the way back to it. */
  #unsent(session: SessionState) {
    if (!session.outbox.parcels.length && !session.backable && !session.feedback) return nothing;
    return html`<footer class="rw-foot rw-foot-alone">
      ${known(session.feedback, this.texts, () => this.#sitting?.putAway())}
      <rubricator-trail
        .steps=${session.trail}
        .texts=${this.texts}
        ?more=${session.backable}
      ></rubricator-trail>
      <rubricator-status .session=${session} .texts=${this.texts} login-url=${this.loginUrl}></rubricator-status>
    </footer>`;
  }

  #isNewTask(changed: PropertyValues): boolean {
    const before = changed.get("sitting") as SessionState | null | undefined;
    return changed.has("sitting") && before?.assignment?.id !== this.session?.assignment?.id;
  }

  async #sit(): Promise<void> {
    const { api, lang, person } = this;
    const server = campaignServer(api, lang);
    const samples = [jsonScript<Assignment | Assignment[]>(this.task) ?? []].flat();
    const show = samples.length ? shownFrom(samples) : shownAt(api, lang);
    const world = this.preview ? previewWorld(server, show) : await browserWorld(server);
    if (!this.isConnected) return;
    const revisit = this.contribution;
    const options = { campaign: api, person, locale: lang, device: deviceClass(), revisit };
    const sitting = new Session(world, options, (session) => {
      this.sitting = session;
    });
    this.#sitting = sitting;
    this.#desk = this.#deskOf(sitting);
    this.#hand = new Answering(this.#desk, this.#palette, (held) => {
      this.held = held;
      this.live = null;
    });
    this.assist = this.#assisting.state;
    await sitting.start();
    const { vocabulary } = sitting.state.campaign ?? {};
    this.#openLexicon = async (step) => {
      const key = `recent/${person}/${vocabulary?.slug}${step && `/${step}`}/${lang}`;
      const lexicon = new Lexicon(world.server, world.shelf, key, step);
      if (vocabulary) lexicon.proposeAt = `/vocab/${vocabulary.slug}/propose/`;
      // Without labels boxes can still be drawn; the field says what failed when it is used.
      await lexicon.open().catch(() => undefined);
      return lexicon;
    };
    await this.#useWords();
  }

  /** The labels of the question at hand, opened once for each step, and the letters that choose them. */
  async #useWords(): Promise<void> {
    const { step } = this;
    const open = this.#openLexicon;
    if (!open) return;
    const opening = this.#lexicons.get(step) ?? open(step);
    this.#lexicons.set(step, opening);
    const lexicon = await opening;
    if (this.step !== step) return;
    this.#palette.prime(lexicon.quick.map(({ id }) => id));
    this.lexicon = lexicon;
    this.#bindLetters(lexicon);
  }

  #bindLetters({ quick }: Lexicon): void {
    const letters = lettersOf(this.session?.campaign?.question.answers ?? [], this.texts.lang);
    this.#letters = {};
    for (const [index, { id }] of quick.entries()) {
      const letter = letters[id];
      if (letter) this.#letters[letter] = () => this.#choose(index);
    }
  }

  /** What the hand does is done to the step at hand. */
  #deskOf(sitting: Session): Desk {
    const edit: Session["change"] = (change, stroke) => {
      const steps = stepsOf(sitting.state.campaign);
      const key = stroke && `${this.step} ${stroke}`;
      sitting.change((now) => (steps.length ? editPart(steps, now, change) : change(now)), key);
    };
    this.#change = edit;
    return {
      get state() {
        return viewOf(sitting.state);
      },
      get answer() {
        return viewOf(sitting.state).history.present;
      },
      change: edit,
      get step() {
        return current(stepsOf(sitting.state.campaign), sitting.state.history.present);
      },
      draft: sitting.draft,
      past: sitting.past,
      offer: (task, predictions) => sitting.offer(task, predictions),
    };
  }

  /** Another step is at hand: other labels, nothing picked, and the text field under the hand of who writes. */
  #followStep(before: SessionState | null | undefined): void {
    const steps = stepsOf(this.sitting?.campaign ?? null);
    if (!steps.length || !before?.campaign) return;
    const was = current(steps, before.history.present);
    if (was === this.step) return;
    this.#letters = {};
    this.lexicon = null;
    const isSameTask = before.assignment?.id === this.sitting?.assignment?.id;
    // What was picked on a task that is taken up again stays picked.
    if (isSameTask) this.#hand?.letGo();
    this.#bunch.begin();
    this.#assisting.leave();
    this.#layering.take(this.session ? layersOfSitting(this.session, this.texts) : []);
    void this.#useWords();
    if (isSameTask && this.session?.campaign?.question.writes)
      void this.updateComplete.then(() => this.labels?.focus());
    else if (this.contains(document.activeElement)) this.stage?.focus();
  }

  /** To the first step that wants something; where none does the answer is handed in. */
  #onward(): void {
    const { campaign = null, history } = this.sitting ?? {};
    const steps = stepsOf(campaign);
    if (!history || !steps.length) return;
    const here = wanting(steps, history.present, this.step);
    const next = here ? null : nextOpen(steps, history.present);
    if (next) this.#sitting?.change((now) => goTo(now, next));
    else this.foot?.submit();
  }

  #hear(signal: AbortSignal): void {
    const on = <T>(name: string, act: (detail: T) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<T>).detail), { signal });
    on<Place>("stage-draw", (place) => {
      this.#hand?.draw(place);
      this.#assisting.drawn();
      // On a phone the sheet may be scrolled elsewhere.
      void this.updateComplete.then(() => this.labels?.scrollIntoView?.({ block: "nearest" }));
    });
    on<Place & { id: string }>("stage-edit", ({ id, ...place }) => {
      this.live = null;
      this.#hand?.edit(id, place);
    });
    on<{ id: string | null; reveal?: boolean }>("stage-select", ({ id, reveal }) => {
      this.#hand?.select(id);
      const shape = reveal && this.#hand?.shapes.find((known) => known.id === id);
      if (shape) this.stage?.reveal(shape.box);
    });
    on<{ id: string; alone?: boolean }>("stage-delete", ({ id, alone }) => this.#remove(id, { alone }));
    on("stage-confirm", () => {
      const isFree = this.held.selected === null && stepsOf(this.sitting?.campaign ?? null).length > 0;
      if (isFree && !this.#wants()) return this.#onward();
      if (!this.#hand?.confirm()) this.labels?.focus();
      this.#comeNear();
    });
    on<{ step: string }>("step-go", ({ step }) => this.#sitting?.change((now) => goTo(now, step)));
    on("step-onward", () => this.#onward());
    on<{ act: Act }>("assist", ({ act }) => this.#assisting.do(act));
    on<{ on: boolean }>("assist-tightens", (now) => this.#assisting.setTightens(now.on));
    on<{ concept: ConceptRef }>("branch-chosen", ({ concept }) => this.labels?.take(concept));
    on<{ instead: ConceptRef; concept: ConceptRef }>("concept-instead", ({ instead, concept }) =>
      this.#assisting.say(instead, concept),
    );
    on<{ certainty: Certainty | null }>("answer-certainty", (now) => this.#hand?.sure(now.certainty));
    on<{ accepted: readonly Prediction[]; rejected: readonly string[] }>("suggestions-looked", (now) => {
      this.#hand?.settle(now.accepted, now.rejected);
      this.stage?.focus();
    });
    on<{ id: string | null; box: Box | null }>("stage-preview", ({ id, box }) => {
      this.live = id ? box : null;
    });
    on<Command>("stage-command", (command) => this.#obey(command));
    on("tool-back", () => void this.#sitting?.past.back());
    on("tool-image", () => this.#drawn?.imaging.toggle());
    on<ImageButton>("image-state", (state) => {
      const { open, changed } = this.imaged;
      if (state.open !== open || state.changed !== changed) this.imaged = state;
    });
    on("tool-lesson", () => void this.lessons?.show());
    on<ToolAction>("tool", (action) => this.#use(action));
    on<{ concept: ConceptRef }>("concept-chosen", ({ concept }) => {
      this.#hand?.choose(concept);
      // From the field the hand goes back to the image.
      if (this.held.selected && this.contains(document.activeElement)) this.stage?.focus();
    });
    on("concepts-leave", () => this.stage?.focus());
    on<{ predictions: readonly Prediction[] }>("suggestion-accept", (now) =>
      this.#hand?.accept(now.predictions),
    );
    on<{ id: string }>("suggestion-reject", ({ id }) => this.#remove(id));
    on<{ nothingHere: boolean }>("answer-nothing", ({ nothingHere }) =>
      this.#change((now) => sayNothingHere(now, nothingHere)),
    );
    on<{ comment: string }>("answer-comment", ({ comment }) =>
      this.#sitting?.change((now) => ({ ...now, comment })),
    );
    on<{ text: Written }>("text-written", ({ text }) => this.#change((now) => write(now, text), "text"));
    on("text-leave", () => this.stage?.focus());
    on("text-done", () => this.foot?.submit());
    on("answer-submit", () => void this.#submit());
    on<{ verdict: Exclude<Judged, "open"> }>("judge", ({ verdict }) => this.#judge(verdict));
    on("beside-swap", () => {
      const { assignment } = this.session ?? {};
      if (assignment) this.#sitting?.change((now) => swapped(now, assignment));
    });
    on("judge-as-shown", () => this.#hand?.leaveAsShown());
    on("answer-skip", () => void this.#sitting?.skip());
    on<{ obstacle: Obstacle }>("answer-obstacle", ({ obstacle }) => this.#showMissing(obstacle));
    on<{ contribution: string }>("trail-go", ({ contribution }) => void this.#goTo(contribution));
    on("trail-open", () => void this.#sitting?.past.remember());
    on<{ contribution: string }>("choice-mine", (of) => void this.#sitting?.past.keepMine(of.contribution));
    on<{ contribution: string }>("choice-other", (of) => void this.#sitting?.past.keepOther(of.contribution));
    on<{ contribution: string }>("choice-both", (of) => void this.#sitting?.past.keepBoth(of.contribution));
    on("draft-take", () => this.#sitting?.draft.takeOther());
    on("draft-leave", () => this.#sitting?.draft.leaveOther());
    on<{ corners: HandState["sketch"] }>("stage-sketch", ({ corners: sketch }) =>
      this.#sitting?.draft.hold({ sketch }),
    );
    on("rubricator-image-shown", () => this.#drawn?.resume(this.session?.hand.sketch ?? []));
    on("known-away", () => this.#sitting?.putAway());
    on("status-retry", () => void this.#sitting?.retryRefused());
    on("status-discard", () => void this.#sitting?.discardRefused());
  }

  /** Enter goes on from a complete step, and to the text where one is to be written. */
  #confirms(): boolean {
    if (!stepsOf(this.sitting?.campaign ?? null).length)
      return this.session?.campaign?.question.writes ?? false;
    return !this.session?.campaign?.question.draws || !this.#wants();
  }

  /** Why the step at hand cannot be left yet; null where it is complete. */
  #wants(): Obstacle {
    const { campaign = null, history } = this.sitting ?? {};
    return history ? wanting(stepsOf(campaign), history.present, this.step) : null;
  }

  /** Where something is judged letters answer, and nothing is drawn anew. */
  #judgingKeys(): Readonly<Record<string, () => void>> {
    if (!this.#hand?.shown) return {};
    const [nothing, correct] = [() => undefined, () => this.#judge("edited")];
    const [right, wrong] = [() => this.#judge("accepted"), () => this.#judge("rejected")];
    const finish = () => this.#finish();
    return {
      a: right,
      c: correct,
      e: correct,
      r: wrong,
      delete: wrong,
      backspace: wrong,
      enter: finish,
      n: nothing,
      d: nothing,
    };
  }

  /** Right and wrong hand in at once; a correction is made first. */
  #judge(verdict: Exclude<Judged, "open">): void {
    const { may_correct = true } = this.session?.campaign?.question ?? {};
    if (verdict === "edited" && !may_correct) return;
    this.#ofWhatIsSeen(() => this.#say(verdict));
  }

  #say(verdict: Exclude<Judged, "open">): void {
    // The second half of a double press was meant for what is gone from the screen by now.
    const now = performance.now();
    const again = verdict === this.#judged.verdict && now - this.#judged.at < DOUBLE_PRESS_MS;
    this.#judged = { verdict, at: now };
    if (again) return;
    if (this.#hand?.judge(verdict)) {
      void this.#submit();
    } else {
      this.stage?.focus();
      // On a phone the sheet may be scrolled elsewhere.
      void this.updateComplete.then(() => this.labels?.scrollIntoView?.({ block: "nearest" }));
    }
  }

  /** Enter hands in a correction, once it has what it needs; else it says that what is shown is right. */
  #finish(): void {
    const { campaign, history } = this.session ?? {};
    if (!campaign || !history) return;
    if (this.held.selected === null) this.#judge("accepted");
    else if (judged(history.present) !== "edited") this.#hand?.select(null);
    else if (!obstacle(history.present, campaign.question)) void this.#submit();
    else this.labels?.focus();
  }

  #remove(id: string, { alone = false }: { alone?: boolean | undefined } = {}): void {
    this.#hand?.remove(id, { alone });
    this.#comeNear();
    this.stage?.focus();
  }

  /** The suggestion that comes next is brought into view. */
  #comeNear(): void {
    const box = this.#hand?.suggested;
    if (box) this.stage?.reveal(box);
  }

  #bench(): Bench {
    const workbench = this;
    return {
      get api() {
        return workbench.api;
      },
      get lang() {
        return workbench.lang;
      },
      get texts() {
        return workbench.texts.assist;
      },
      get session() {
        return workbench.#desk;
      },
      get hand() {
        return workbench.#hand;
      },
      browse: (concept) => void workbench.branches.show(concept),
      changed: (assist) => {
        workbench.assist = assist;
      },
    };
  }

  #obey(command: Command): void {
    // The last corner of an outline in the making is the last step there is.
    if (command.kind === "undo" && this.stage?.takeBack()) return;
    if (command.kind === "undo" || command.kind === "redo") this.#sitting?.[command.kind]();
    else if (command.kind === "help") this.keys.show();
    else if (command.kind === "draw" || command.kind === "move") this.tool = command.kind;
    else if (command.kind === "choose") this.#choose(command.index);
    else if (command.kind === "next") {
      const box = this.#hand?.walk(command.step);
      if (box) this.stage?.reveal(box);
    }
  }

  #choose(index: number): void {
    this.#ofWhatIsSeen(() => this.labels?.choose(index));
  }

  /** A key counts for what is on the screen; one that comes before the image does was meant for the image before. */
  #ofWhatIsSeen(act: () => void): void {
    if (this.session?.revisit || this.stage?.isSeen) act();
    else if (this.session?.phase === "working") this.#bunch.say(this.texts.notSeenYet);
  }

  #use(action: ToolAction): void {
    if (action === "zoom-in") this.stage?.zoom(1.5);
    else if (action === "zoom-out") this.stage?.zoom(1 / 1.5);
    else if (action === "fit") this.stage?.fit();
    else this.#obey({ kind: action });
  }

  async #goTo(contribution: string): Promise<void> {
    await this.#sitting?.past.revisit(contribution);
    this.stage?.focus();
  }

  #showMissing(obstacle: Obstacle): void {
    const box = obstacle === "no-label" ? this.#hand?.pickBare() : null;
    if (obstacle === "no-text") this.labels?.focus();
    if (!box) return;
    this.stage?.reveal(box);
    void this.updateComplete.then(() => this.labels?.focus());
  }

  async #submit(): Promise<void> {
    const assignment = this.session?.assignment?.id;
    const answer = this.sitting?.history.present;
    if (this.example && answer) return keepExample(this.example, answer);
    await this.#sitting?.submit();
    this.tell("rubricator-submitted", { assignment });
    this.stage?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-workbench": RubricatorWorkbench;
  }
}
