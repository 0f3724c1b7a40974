/** The real world for a session: this browser's server connection, shelf, clock and locks. */

import type { Device } from "../core/contract.ts";
import type { Clock, Server, World } from "../core/ports.ts";
import { SturdyShelf } from "../core/sturdy.ts";
import type { Channel, Message } from "../core/tabs.ts";
import { bestShelf } from "./indexeddb.ts";

export const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const id = setTimeout(call, ms);
    return () => clearTimeout(id);
  },
};

/** A random UUID, also where the page is not a secure context (a museum's intranet over plain http). */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function deviceClass(): Device {
  if (!matchMedia("(pointer: coarse)").matches) return "desktop";
  return Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet";
}

export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  await navigator.locks.request(`rubricator ${name}`, work);
}

const hasChannels = typeof BroadcastChannel === "function";

function channel(name: string, heard: (message: Message) => void): Channel {
  const open = new BroadcastChannel(name);
  open.onmessage = ({ data }: MessageEvent<Message>) => heard(data);
  return { post: (message) => open.postMessage(message), close: () => open.close() };
}

export async function browserWorld(server: Server): Promise<World> {
  const shelf = new SturdyShelf(await bestShelf());
  return { server, shelf, clock: browserClock, newId, alone, ...(hasChannels ? { channel } : {}) };
}
