/** The button for how the image is shown, on a page with one stage: it opens the panel, and says whether anything is changed. */

import type { ReactiveControllerHost } from "lit";
import { Hearing } from "./hearing.ts";
import type { RubricatorStage } from "./rubricator-stage.ts";
import type { ImageButton } from "./rubricator-toolbar.ts";

export class ImageTool {
  #state: ImageButton = { open: false, changed: false };

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    new Hearing(host, (on) => {
      on("tool-image", () => this.stage?.imaging.toggle());
      on<ImageButton>("image-state", ({ open, changed }) => {
        if (open === this.#state.open && changed === this.#state.changed) return;
        this.#state = { open, changed };
        host.requestUpdate();
      });
    });
  }

  get state(): ImageButton {
    return this.#state;
  }

  /** The stage of one image; a pair has none. */
  get stage(): RubricatorStage | null {
    return this.host.querySelector(".rw-view > rubricator-stage");
  }
}
