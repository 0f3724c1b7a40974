/** The curator's review page. */

import "../styles/workbench.css";
import "../elements/rubricator-review.ts";
