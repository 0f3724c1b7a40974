/** The volunteer's work page. */

import "../styles/workbench.css";
import "../elements/rubricator-workbench.ts";
