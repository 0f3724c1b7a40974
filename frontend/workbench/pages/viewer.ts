/** The read-only viewer of a canvas with its layers. */

import "../styles/workbench.css";
import "../elements/rubricator-viewer.ts";
