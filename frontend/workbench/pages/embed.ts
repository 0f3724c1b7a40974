/**
 * The bundle for pages of other sites, under a name that stays: `/static/workbench/embed.js`. It defines
 * `<rubricator-workbench>` for reading, and leaves everything alone where an element of that name is there already,
 * because the script was loaded twice, from two places.
 */

if (!customElements.get("rubricator-workbench") && !customElements.get("rubricator-reader")) {
  void import("../elements/rubricator-embed.ts").then(({ RubricatorEmbed, TAG }) =>
    customElements.define(TAG, RubricatorEmbed),
  );
}
