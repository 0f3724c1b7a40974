/** A pair under review: two pictures beside each other, which the reviewer may put in the other order. */

import { html } from "lit";
import type { Task } from "../core/contract.ts";
import { pairOf } from "./pair.ts";
import "./rubricator-beside.ts";

interface PairedHost {
  readonly api: string;
  readonly lang: string;
  /** What was put on the left. */
  left: string | null;
}

export function reviewPair(task: Task, host: PairedHost) {
  const [first, second] = pairOf(task, host.left) ?? [null, null];
  return html`<rubricator-beside
    .first=${first}
    .second=${second}
    .memory=${host.api}
    lang=${host.lang}
    @beside-swap=${() => {
      host.left = first === task.beside ? null : (task.beside?.annotation ?? null);
    }}
  ></rubricator-beside>`;
}
