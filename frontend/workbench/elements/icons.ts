/** The few signs the tools need, drawn on a 24 grid with the pen of the surrounding text. */

import { html, svg, type TemplateResult } from "lit";

const PATHS = {
  draw: "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M12 9v6M9 12h6",
  outline:
    "M6 7.500 17 5.500M18.500 7l.8 9.500M17.500 17.500 8 19M6 17.500 5 9M4.500 6.500h1.500v1.500H4.500ZM17.500 5h1.500v1.500h-1.500ZM18.500 17H20v1.500h-1.500ZM5.500 18H7v1.500H5.500Z",
  point: "M12 4.500v5M12 14.500v5M4.500 12h5M14.500 12h5M12 11.500v1M11.500 12h1",
  move: "M12 3v18M3 12h18M12 3 9.5 5.500M12 3l2.500 2.500M12 21l-2.500-2.500M12 21l2.500-2.500M3 12l2.500-2.500M3 12l2.500 2.500M21 12l-2.500-2.500M21 12l-2.500 2.500",
  undo: "M8 5 4 9l4 4M4 9h10a5.500 5.500 0 0 1 0 11h-3",
  redo: "m16 5 4 4-4 4M20 9H10a5.500 5.500 0 0 0 0 11h3",
  zoomIn:
    "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM15.500 15.500 20.500 20.500M10.500 7.500v6M7.500 10.500h6",
  zoomOut:
    "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM15.500 15.500 20.500 20.500M7.500 10.500h6",
  back: "M11 5l-7 7 7 7M4.500 12H20",
  swap: "M7 7h13M16 3l4 4-4 4M17 17H4M8 13l-4 4 4 4",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500",
  over: "M4 4h11v11H4ZM9 9h11v11H9Z",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5M8 8h8v8H8Z",
  keys: "M9 9a3 3 0 1 1 4.200 2.700c-.8.4-1.200 1-1.200 1.800v.5M12 17.500v.01",
  lesson: "M12 7c-2-1.500-4.500-2-8-2v13c3.500 0 6 .5 8 2 2-1.500 4.500-2 8-2V5c-3.500 0-6 .5-8 2ZM12 7v13",
  remove: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.500 10.500v6M13.500 10.500v6",
  check: "m5 12.500 4.500 4.500L19 7.500",
  cross: "m6 6 12 12M18 6 6 18",
  image: "M4 6h6M14 6h6M12 4v4M4 12h2M10 12h10M8 10v4M4 18h9M17 18h3M15 16v4",
  turnRight: "M19 5v5h-5M19 10a7.500 7.500 0 1 0 .6 4.500",
  turnLeft: "M5 5v5h5M5 10a7.500 7.500 0 1 1-.6 4.500",
  mirror: "M12 3v18M9 7v10H3.500ZM15 7v10h5.500Z",
  tighten:
    "M4 4h4M4 4v4M20 4h-4M20 4v4M4 20h4M4 20v-4M20 20h-4M20 20v-4M9 9h6v6H9ZM4.500 4.500 8 8M19.500 4.500 16 8M4.500 19.500 8 16M19.500 19.500 16 16",
  similar: "M4 5h6v6H4ZM14 5h6v6h-6ZM4 15h6v4.500H4ZM16.500 13.500v7M13 17h7",
  copy: "M8 8h11v12H8ZM5 16V4.500h10",
  tree: "M5 4v13.500h5M5 9.500h5M10 7.500h9v4h-9ZM10 15.500h9v4h-9Z",
  chevron: "m6 9.500 6 6 6-6",
} as const;

export type Icon = keyof typeof PATHS;

export const icon = (name: Icon): TemplateResult => html`<svg
  class="rw-icon"
  data-icon=${name}
  viewBox="0 0 24 24"
  width="20"
  height="20"
  aria-hidden="true"
>
  ${svg`<path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />`}
</svg>`;
