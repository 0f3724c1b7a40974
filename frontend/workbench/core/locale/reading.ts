/** What the element for other people's pages says. */

export interface ReadingTexts {
  loading: string;
  previous: string;
  next: string;
  pageOf(number: number, all: number): string;
  overview: string;
  canvas(number: number, label: string): string;
  manifest: string;
  nothingGiven: string;
  noState: string;
  /** Nothing came: no network, no permission for pages of other sites, or http on a page of https. */
  blocked(host: string): string;
  mixed(host: string): string;
  status(host: string, status: number): string;
  noJson(host: string): string;
  collection: string;
  empty: string;
  other: string;
  noCanvas: string;
  pagesFailed(count: number): string;
  noImage: string;
  partial: string;
  readingLayers: string;
  wheel: string;
  fromHere: string;
}
