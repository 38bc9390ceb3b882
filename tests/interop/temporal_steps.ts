/**
 * Random chains of steps on sessions, for temporal.py and for us.
 *
 * @module
 */
import type { LazyArray } from "../../src/array/types.ts";
import type { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import type { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import type { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

/** A step as temporal.py takes it; with `at` of a member, which its result then replaces. */
export type Step =
  | {
    readonly step: "slice";
    readonly at?: string;
    readonly start: number;
    readonly end: number;
    readonly reset: boolean;
  }
  | { readonly step: "interval"; readonly at?: string; readonly start: number[]; readonly end: number[] }
  | { readonly step: "mask"; readonly at: string; readonly every: number; readonly not: number }
  | { readonly step: "irregular"; readonly at: string }
  | { readonly step: "delete"; readonly at: string };

/** Does a step; where a member is lazy, how many rows it has is read. */
export async function apply(data: Data, step: Step): Promise<Data> {
  if (step.step === "delete") {
    data.delete(step.at);
    return data;
  }
  const found = step.at === undefined ? data : await data.get<Data>(step.at);
  const out = await stepped(found, step);
  return step.at === undefined ? out as Data : data.set(step.at, out);
}

async function stepped(found: Data | ArrayDict<LazyArray>, step: Exclude<Step, { step: "delete" }>): Promise<unknown> {
  switch (step.step) {
    case "slice":
      return (found as Data).slice(step.start, step.end, { resetOrigin: step.reset });
    case "interval":
      return (found as Data).selectByInterval(new Interval(step.start, step.end));
    case "irregular":
      return (found as RegularTimeSeries<LazyArray>).toIrregular();
    case "mask": {
      const table = found as ArrayDict<LazyArray>;
      return table.selectByMask(Array.from({ length: await table.count() }, (_, row) => row % step.every !== step.not));
    }
  }
}

/** What can be done with a session. */
export interface Menu {
  /** Members that masks can pick from. */
  readonly masks: readonly string[];
  /** Regular series. */
  readonly regular: readonly string[];
  /** Steps that come first. */
  readonly first?: readonly Step[];
}

/** A chain of up to five steps. */
export function drawSteps(menu: Menu, random: () => number): Step[] {
  const steps: Step[] = [...menu.first ?? []];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  // Bounds that fall on samples and on events as well as between them.
  const time = (from: number, to: number) => {
    const at = from + random() * (to - from);
    // JSON has no -0.
    return pick([at, Math.round(at), Math.round(at * 4) / 4, Math.round(at * 100) / 100]) + 0;
  };
  const regular = new Set(menu.regular);
  const count = 1 + Math.floor(random() * 5);
  for (let i = 0; i < count; i++) {
    const kind = random();
    if (kind < 0.6 || menu.masks.length === 0) {
      const start = time(-1.5, 2.5);
      const at = random() < 0.15 && menu.masks.length > 0 ? { at: pick(menu.masks) } : {};
      steps.push({ step: "slice", ...at, start, end: start + Math.max(0, time(0, 8)), reset: random() < 0.5 });
    } else if (kind < 0.75) {
      const bounds = Array.from({ length: 2 * pick([1, 2, 3]) }, () => time(-1, 9)).sort((a, b) => a - b);
      steps.push({
        step: "interval",
        start: bounds.filter((_, j) => j % 2 === 0),
        end: bounds.filter((_, j) => j % 2 === 1),
      });
      regular.clear();
    } else if (kind < 0.9 || regular.size === 0) {
      steps.push({ step: "mask", at: pick(menu.masks), every: pick([2, 3, 5]), not: pick([0, 1]) });
    } else {
      const at = pick([...regular]);
      regular.delete(at);
      steps.push({ step: "irregular", at });
    }
  }
  return steps;
}

/** Numbers in [0, 1), the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
