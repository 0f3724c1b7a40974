/** `<rubricator-report>`: “something is wrong here”, told to those who run the campaign without leaving the image. */

import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { request } from "../api/client.ts";
import { newId } from "../api/world.ts";
import { en } from "../core/locale/en/index.ts";
import type { Texts } from "../core/locale/texts.ts";
import { icon } from "./icons.ts";
import { LightElement } from "./light.ts";

const REASONS = ["image", "foreign", "question", "missing", "other"] as const;
export type ReportReason = (typeof REASONS)[number];

@customElement("rubricator-report")
export class RubricatorReport extends LightElement {
  /** Base address of the campaign in the API, with its closing slash. */
  @property() api = "";
  /** The task that is shown. */
  @property() task = "";
  @property({ attribute: false }) texts: Texts = en;

  @state() private outcome: "none" | "sending" | "sent" | "failed" = "none";
  @query("dialog") private dialog!: HTMLDialogElement;
  /** Sending the same again after a lost connection is the same report. */
  #id = "";

  override render() {
    const { texts, outcome } = this;
    if (!this.task) return nothing;
    return html`<button type="button" class="rw-link" data-testid="report" @click=${this.#open}>
        ${texts.report}
      </button>
      <dialog class="rw-dialog rw-report" aria-labelledby="rw-report-title" data-testid="report-dialog">
        <form class="rw-dialog-body" @submit=${this.#send}>
          <header>
            <h2 id="rw-report-title">${texts.report}</h2>
            <button type="button" class="rw-tool" aria-label=${texts.close} @click=${() => this.dialog.close()}>
              ${icon("cross")}
            </button>
          </header>
          ${
            outcome === "sent"
              ? html`<p role="status" data-testid="reported">${texts.reported}</p>`
              : html`<fieldset>
                    <legend class="rw-hint">${texts.reportHint}</legend>
                    ${REASONS.map(
                      (reason) => html`<label class="rw-report-reason">
                        <input type="radio" name="reason" value=${reason} required />
                        ${texts.reportReasons[reason]}
                      </label>`,
                    )}
                  </fieldset>
                  <label class="rw-report-text"
                    >${texts.reportText}<textarea name="text" rows="3" maxlength="2000"></textarea>
                  </label>
                  ${outcome === "failed" ? html`<p role="alert">${texts.reportFailed}</p>` : nothing}
                  <button class="rw-button rw-button-primary" ?disabled=${outcome === "sending"}>${texts.reportSend}</button>`
          }
        </form>
      </dialog>`;
  }

  readonly #open = (): void => {
    this.outcome = "none";
    this.#id = newId();
    this.dialog.showModal();
  };

  readonly #send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const json = { id: this.#id, task: this.task, reason: said.get("reason"), text: said.get("text") };
    this.outcome = "sending";
    try {
      await request(`${this.api}reports/`, { method: "POST", json, lang: this.texts.lang });
      this.outcome = "sent";
    } catch {
      this.outcome = "failed";
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "rubricator-report": RubricatorReport;
  }
}
