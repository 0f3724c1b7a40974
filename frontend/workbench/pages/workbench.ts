/** The volunteer's work page. */

import "./reading.ts";
import "../styles/workbench.css";
import "../styles/trail.css";
import "../styles/judging.css";
import "../elements/rubricator-workbench.ts";
