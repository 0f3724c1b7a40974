/**
 * `<rubricator-workbench api="/api/v1/campaigns/clefs/" lang="fr">`: the volunteer's whole work page.
 * It lays out what a sitting shows; its controllers turn what the elements inside tell into changes of the answer.
 */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Box } from "../core/geometry.ts";
import type { Lexicon } from "../core/lexicon.ts";
import { type Texts, textsFor } from "../core/locale/index.ts";
import { viewOf } from "../core/sequence.ts";
import type { SessionState } from "../core/sessionstate.ts";
import type { Tool } from "../viewer/gestures.ts";
import { answerBench } from "./answerbench.ts";
import { type Held, NOTHING } from "./answering.ts";
import { benchOf, hearAssist } from "./assistance.ts";
import { Assisting, type AssistState } from "./assisting.ts";
import { assistNote } from "./assistnote.ts";
import { Bunching } from "./bunching.ts";
import { obeying } from "./commands.ts";
import { keepExample } from "./example.ts";
import { Handwork } from "./handwork.ts";
import { Hearing } from "./hearing.ts";
import { ImageTool } from "./imagetool.ts";
import { Keyboard } from "./keyboard.ts";
import { furtherKeys, workbenchKeys } from "./keymap.ts";
import { Layering } from "./layering.ts";
import { Lexicons } from "./lexicons.ts";
import { LightElement } from "./light.ts";
import { notice } from "./notice.ts";
import { Palette } from "./pigments.ts";
import type { RubricatorAnswer } from "./rubricator-answer.ts";
import type { RubricatorBeside } from "./rubricator-beside.ts";
import type { RubricatorBranches } from "./rubricator-branches.ts";
import type { RubricatorKeys } from "./rubricator-keys.ts";
import type { RubricatorLabel } from "./rubricator-label.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { RubricatorTutorial } from "./rubricator-tutorial.ts";
import { choosing, lettersOf } from "./scene.ts";
import { Sitting } from "./sitting.ts";
import { Stepping } from "./stepping.ts";
import { TaskChange } from "./taskchange.ts";
import { unsent } from "./unsent.ts";
import { Verdicts } from "./verdicts.ts";
import { workPanel } from "./workpanel.ts";
import { worksurface } from "./worksurface.ts";
import "./rubricator-branches.ts";
import "./rubricator-handed.ts";
import "./rubricator-keys.ts";
import "./rubricator-toolbar.ts";
import "./rubricator-tutorial.ts";

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

  /** How the sitting stands; what is shown of a sequence is the step at hand. */
  @state() now: SessionState | null = null;
  @state() held: Held = NOTHING;
  @state() tool: Tool = "draw";
  /** The picked box as it is right now under the hand. */
  @state() live: Box | null = null;
  @state() assist: AssistState | null = null;
  @state() lexicon: Lexicon | null = null;

  @query("rubricator-beside, rubricator-stage") stage!: RubricatorStage | RubricatorBeside | null;
  @query("rubricator-label, rubricator-several rubricator-concepts, rubricator-concepts, rubricator-text")
  labels!: RubricatorLabel | null;
  @query("rubricator-answer") foot!: RubricatorAnswer | null;
  @query("rubricator-keys") keys!: RubricatorKeys;
  @query("rubricator-branches") branches!: RubricatorBranches;
  @query("rubricator-tutorial") private lessons!: RubricatorTutorial | null;

  readonly palette = new Palette();
  readonly lexicons = new Lexicons((lexicon) => {
    this.palette.prime(lexicon.quick.map(({ id }) => id));
    this.lexicon = lexicon;
  });
  readonly layering = new Layering(this, "work");
  readonly bunching = new Bunching(this, {
    bench: () => answerBench(this.sitting.hand, this.sitting.desk),
    texts: () => this.texts,
    reveal: (box) => this.stage?.reveal(box),
  });
  readonly #imageTool = new ImageTool(this);
  readonly sitting = new Sitting(this);
  readonly stepping = new Stepping(this);
  readonly #handwork = new Handwork(this);
  readonly #verdicts = new Verdicts(this);
  readonly assisting = new Assisting(benchOf(this));
  /** Keys of this page by letter: the way back, and the answers of a question that brings them. */
  readonly #own: Record<string, () => void> = {
    b: () => void this.sitting.back(),
    t: () => void this.lessons?.show(),
    h: () => this.layering.toggle(),
  };

  constructor() {
    super();
    new TaskChange(this);
    obeying(this);
    hearAssist(this);
    new Hearing(this, (on) => {
      on("tool-lesson", () => void this.lessons?.show());
      on("rubricator-image-shown", () => this.#imageTool.stage?.resume(this.session?.hand.sketch ?? []));
    });
    new Keyboard(
      this,
      () => this.stage,
      () =>
        this.ofWhatIsSeen(() => (this.sitting.hand?.shown ? this.#verdicts.finish() : this.foot?.submit())),
      () => ({ ...this.assisting.keys, ...this.#own, ...this.#letters, ...this.#verdicts.keys }),
    );
  }

  override firstUpdated(): void {
    this.assist = this.assisting.state;
    void this.sitting.open();
  }

  override updated(): void {
    // What the server has painted gives way once there is more to see than that something is being fetched.
    if (this.session && this.session.phase !== "loading") this.querySelector(".rw-first-look")?.remove();
  }

  /** The step at hand as if it were all that is asked; of a single question everything. */
  get session(): SessionState | null {
    return viewOf(this.now);
  }

  get texts(): Texts {
    return textsFor(this.lang, this.session?.campaign?.question.shapes);
  }

  override render() {
    const { session, texts, now } = this;
    if (!session || !now) return nothing;
    const { draws = true, judges = false, pairs = false, shapes = "box" } = session.campaign?.question ?? {};
    const retry = () => void this.sitting.session?.retry();
    const full = notice(session, texts, { home: this.homeUrl, login: this.loginUrl, retry });
    const own = Object.keys({ ...this.#own, ...this.#verdicts.keys });
    const asked = { session, whole: now, layered: this.layering.layers.length > 0, own };
    const putAway = () => this.sitting.session?.putAway();
    // The stage stays in place through every phase: building a viewer anew would cost the next image its warmth.
    return html`<div class="rw-workbench" dir=${texts.dir} data-phase=${session.phase}>
      <div class="rw-view">
        ${worksurface(this, session, now)}
        <rubricator-toolbar
          .texts=${texts}
          .tool=${this.tool}
          ?undoable=${session.history.past.length > 0}
          ?redoable=${session.history.future.length > 0}
          .drawing=${draws && !judges}
          .draws=${shapes}
          .backable=${this.preview ? null : session.backable}
          ?taught=${this.#taught}
          .imaged=${pairs ? null : this.#imageTool.state}
        ></rubricator-toolbar>
        ${full ? nothing : assistNote(this.assist, texts, () => this.assisting.leave())}
        ${full ? nothing : html`<rubricator-handed .session=${session} .texts=${texts}></rubricator-handed>`}
        ${full ?? nothing}
      </div>
      ${full && session.phase !== "loading" ? unsent(session, texts, this.loginUrl, putAway) : workPanel(this, session)}
      <rubricator-keys .texts=${texts} .map=${workbenchKeys(texts, asked)} .more=${furtherKeys(texts, asked)}></rubricator-keys>
      <rubricator-branches .server=${this.assisting.server} .texts=${texts}></rubricator-branches>
      ${this.bunching.live()}
      ${this.#taught ? this.#tutorial(session) : nothing}
    </div>`;
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

  /** Letters that choose among the few answers of the question at hand. */
  get #letters(): Record<string, () => void> {
    const { answers = [] } = this.session?.campaign?.question ?? {};
    const letters = lettersOf(answers, this.texts.lang);
    return this.lexicon ? choosing(this.lexicon, letters, (index) => this.choose(index)) : {};
  }

  travel(way: "undo" | "redo"): void {
    this.sitting.session?.[way]();
  }

  choose(index: number): void {
    this.ofWhatIsSeen(() => this.labels?.choose(index));
  }

  walk(step: 1 | -1): void {
    this.#handwork.walk(step);
  }

  /** A key counts for what is on the screen; one that comes before the image does was meant for the image before. */
  ofWhatIsSeen(act: () => void): void {
    if (this.session?.revisit || this.stage?.isSeen) act();
    else if (this.session?.phase === "working") this.bunching.say(this.texts.notSeenYet);
  }

  /** On a phone the sheet may be scrolled elsewhere. */
  bringLabelsNear(): void {
    void this.updateComplete.then(() => this.labels?.scrollIntoView?.({ block: "nearest" }));
  }

  async submit(): Promise<void> {
    const assignment = this.session?.assignment?.id;
    const answer = this.now?.history.present;
    if (this.example && answer) return keepExample(this.example, answer);
    await this.sitting.session?.submit();
    this.tell("rubricator-submitted", { assignment });
    this.stage?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-workbench": RubricatorWorkbench;
  }
}
