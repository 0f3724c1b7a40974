/** The volunteer's work page where many things are judged at a glance. */

import "./reading.ts";
import "../styles/workbench.css";
import "../styles/judging.css";
import "../styles/grid.css";
import "../elements/rubricator-grid.ts";
