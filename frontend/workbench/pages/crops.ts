/** The curator's wall: all crops of one concept, chosen and ruled on many at a time. */

import "../styles/workbench.css";
import "../styles/grid.css";
import "../styles/sorting.css";
import "../elements/rubricator-sorting.ts";
