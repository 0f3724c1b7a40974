/** The same stint for whatever shows boxes on an image: filled, moved about, drawn on; in milliseconds. */

export type Box = readonly [x: number, y: number, w: number, h: number];

/** What is measured: opened by `begin`, then used by this page and by the mouse of `beside.py`. */
export interface Subject {
  /** Shows all of these at once. */
  add(boxes: readonly Box[]): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
  /** How many there are. */
  count(): number;
}

export interface Stint {
  readonly add: number;
  readonly pan: readonly number[];
  readonly zoom: readonly number[];
  /** Tasks of more than 50 ms: while boxes were added, and while the view moved. */
  readonly longAdding: readonly number[];
  readonly longMoving: readonly number[];
  /** Megabytes of JavaScript objects, after everything else was collected. */
  readonly heap: number;
}

export const SIZE = [2400, 3400] as const;
const PAN_FRAMES = 60;
const ZOOM_FRAMES = 30;
/** Forth and back: after a whole swing the view is where it was, and the middle free for the mouse. */
const SWING = 6;
/** However slow a frame is, the stint ends: no swing begins after so many milliseconds. */
const MOVING_MS = 12_000;

let state = 7;
const random = (): number => {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
};

/** Always the same boxes for the same count; the middle of the image stays free for the one drawn by mouse. */
export function boxes(count: number): Box[] {
  state = 7;
  const found: Box[] = [];
  while (found.length < count) {
    const [w, h] = [20 + random() * 80, 20 + random() * 60];
    const [x, y] = [random() * (SIZE[0] - w), random() * (SIZE[1] - h)];
    const isFree = Math.abs(x + w / 2 - SIZE[0] / 2) > 330 || Math.abs(y + h / 2 - SIZE[1] / 2) > 330;
    if (isFree) found.push([x, y, w, h]);
  }
  return found;
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** The second frame begins when what the first one shows is painted. */
async function painted(): Promise<void> {
  await frame();
  await frame();
}

const long: number[] = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) long.push(Math.round(duration));
}).observe({ type: "longtask" });

/** Observers are told after the task; then the list is emptied for what comes next. */
async function longSoFar(): Promise<number[]> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return long.splice(0);
}

async function frames(count: number, act: (at: number) => void): Promise<number[]> {
  const times: number[] = [];
  const from = await frame();
  let last = from;
  for (let at = 0; at < count && (at % SWING || last - from < MOVING_MS); at++) {
    act(at);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}

export async function stint(subject: Subject, count: number): Promise<Stint> {
  const made = boxes(count);
  await painted();
  await longSoFar();
  const from = performance.now();
  subject.add(made);
  await painted();
  const add = performance.now() - from;
  const longAdding = await longSoFar();
  const swing = (at: number) => (at % SWING < SWING / 2 ? 1 : -1);
  const pan = await frames(PAN_FRAMES, (at) => subject.pan(6 * swing(at), 4 * swing(at)));
  const zoom = await frames(ZOOM_FRAMES, (at) => subject.zoom(swing(at) > 0 ? 1.1 : 1 / 1.1));
  const longMoving = await longSoFar();
  const { gc, performance: clock } = window as unknown as {
    gc?: () => void;
    performance: { memory?: { usedJSHeapSize: number } };
  };
  gc?.();
  return { add, pan, zoom, longAdding, longMoving, heap: (clock.memory?.usedJSHeapSize ?? 0) / 1e6 };
}

/** Milliseconds from letting the mouse go to the frame in which the new box is painted. */
function watchHand(subject: Subject): void {
  addEventListener(
    "pointerup",
    () => {
      const [from, before] = [performance.now(), subject.count()];
      const look = async () => {
        await frame();
        if (subject.count() === before && performance.now() - from < 10_000) return look();
        await frame();
        window.drawn = subject.count() > before ? performance.now() - from : -1;
      };
      void look();
    },
    true,
  );
}

declare global {
  interface Window {
    drawn: number | null;
    stint(count: number): Promise<Stint>;
    isReady: boolean;
  }
}

export function offer(subject: Subject): void {
  window.drawn = null;
  watchHand(subject);
  window.stint = (count) => stint(subject, count);
  window.isReady = true;
}

export function place(): HTMLElement {
  const host = document.createElement("div");
  host.style.cssText = "position: fixed; inset: 0";
  document.body.replaceChildren(host);
  return host;
}
