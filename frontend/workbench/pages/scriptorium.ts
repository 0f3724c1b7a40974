/** The page on which several people annotate a canvas together. */

import "../styles/workbench.css";
import "../elements/rubricator-scriptorium.ts";
