/** Before anything is shown: the language in which the page says that its texts are read. */

import { readIn } from "../core/reading.ts";

readIn(document.querySelector("[data-reading]")?.getAttribute("data-reading") ?? "");
