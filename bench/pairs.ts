/**
 * Measurements beside one call of another library: arrays and writing, where each row has peers of its own.
 *
 * @module
 */
import { spread } from "./measure.ts";
import type { Goal, PairRow, Spread, Timed } from "./types.ts";

/** What to measure. */
export interface PairPlan {
  readonly id: string;
  readonly title: string;
  /** One run of each, by name, `microtome` first. */
  readonly run: Readonly<Record<string, (repeat: number) => Promise<Timed>>>;
  readonly repeats: number;
  /** How many times as fast as a peer microtome must be. */
  readonly goals?: readonly { readonly peer: string; readonly factor: number }[] | undefined;
}

/**
 * Measures in turn, so that whatever else the machine does falls on all.
 *
 * @param plan What to measure.
 * @throws {Error} If two have read or written other values.
 */
export async function measurePair(plan: PairPlan): Promise<PairRow> {
  const times = new Map<string, number[]>(Object.keys(plan.run).map((name) => [name, []]));
  for (let repeat = -1; repeat < plan.repeats; repeat++) {
    const checks = new Map<string, number>();
    for (const [name, run] of Object.entries(plan.run)) {
      const { milliseconds, check } = await run(Math.max(0, repeat));
      checks.set(name, check);
      // The first round warms up: caches of the system, compilers.
      if (repeat >= 0) times.get(name)!.push(milliseconds);
    }
    agree(plan.title, checks);
  }
  const ours = times.get("microtome")!;
  const milliseconds: Record<string, Spread> = {};
  const ratios: Record<string, Spread> = {};
  for (const [name, values] of times) {
    milliseconds[name] = spread(values);
    if (name !== "microtome") ratios[name] = spread(values.map((value, i) => value / ours[i]!));
  }
  const goals = (plan.goals ?? []).map(({ peer, factor }): Goal => {
    const text = `${factor} x ${peer}`;
    const reached = ratios[peer];
    if (reached === undefined) return { text, met: false, reached: "not measured" };
    return { text, met: reached.median >= factor, reached: `${reached.median.toFixed(2)} x` };
  });
  return { kind: "pair", id: plan.id, title: plan.title, milliseconds, ratios, goals };
}

/** A clock around one run. */
export async function timed(run: () => number | Promise<number>): Promise<Timed> {
  const start = performance.now();
  const check = await run();
  return { milliseconds: performance.now() - start, check };
}

function agree(title: string, checks: ReadonlyMap<string, number>): void {
  const [first, ...others] = checks;
  for (const [name, check] of others) {
    if (Math.abs(check - first![1]) > 1e-6 * Math.abs(first![1])) {
      throw new Error(`Cannot compare ${name} in "${title}": it has ${check}, ${first![0]} has ${first![1]}`);
    }
  }
}
