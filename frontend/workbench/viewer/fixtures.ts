/** What the viewer's own tests share. */

import { vi } from "vitest";
import type { Effects } from "./gestures.ts";

export type Spies = { [K in keyof Effects]: ReturnType<typeof vi.fn<Effects[K]>> };

/** Effects that do nothing and remember how they were called. */
export function spies(): Spies {
  return {
    pan: vi.fn<Effects["pan"]>(),
    zoom: vi.fn<Effects["zoom"]>(),
    twist: vi.fn<Effects["twist"]>(),
    drawing: vi.fn<Effects["drawing"]>(),
    drawn: vi.fn<Effects["drawn"]>(),
    editing: vi.fn<Effects["editing"]>(),
    edited: vi.fn<Effects["edited"]>(),
    select: vi.fn<Effects["select"]>(),
    sketching: vi.fn<Effects["sketching"]>(),
    traced: vi.fn<Effects["traced"]>(),
    reshaping: vi.fn<Effects["reshaping"]>(),
    reshaped: vi.fn<Effects["reshaped"]>(),
    corner: vi.fn<Effects["corner"]>(),
    crossed: vi.fn<Effects["crossed"]>(),
    pick: vi.fn<Effects["pick"]>(),
    framing: vi.fn<Effects["framing"]>(),
    framed: vi.fn<Effects["framed"]>(),
    carrying: vi.fn<Effects["carrying"]>(),
    carried: vi.fn<Effects["carried"]>(),
    copied: vi.fn<Effects["copied"]>(),
    guides: vi.fn<Effects["guides"]>(),
  };
}
