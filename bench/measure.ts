/**
 * Runs measurements side by side and sums them up.
 *
 * @module
 */
import type { Goal, LocalPeer, LocalRow, PeerName, Spread, Timed } from "./types.ts";

/**
 * Median and range.
 *
 * @param values At least one.
 */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** A goal for the ratio to one peer. */
export interface RatioGoal {
  readonly peer: PeerName;
  /** How many times as fast microtome must be. */
  readonly factor: number;
}

/** What to measure. */
export interface LocalPlan {
  readonly id: string;
  readonly title: string;
  /** One run of one peer; `undefined` where it has no such call. */
  run(peer: LocalPeer, repeat: number): Promise<Timed> | undefined;
  readonly goals: readonly RatioGoal[];
  readonly repeats: number;
  /** Peers that are run once only, since they take very long. */
  readonly once?: readonly PeerName[];
  /** Why peers are left out. */
  readonly absent?: Partial<Record<PeerName, string>>;
}

/**
 * Measures peers in turn, so that whatever else the machine does falls on all of them.
 *
 * @param plan What to measure.
 * @param peers Who.
 * @param absent Why others are missing.
 */
export async function measureLocal(
  plan: LocalPlan,
  peers: readonly LocalPeer[],
  absent: Partial<Record<PeerName, string>>,
): Promise<LocalRow> {
  const times = new Map<PeerName, number[]>();
  const missing = { ...absent, ...plan.absent };
  const checks = new Map<PeerName, number>();
  for (let repeat = -1; repeat < plan.repeats; repeat++) {
    for (const peer of peers) {
      if (missing[peer.name] !== undefined) continue;
      if (repeat !== 0 && plan.once?.includes(peer.name)) continue;
      const run = plan.run(peer, Math.max(0, repeat));
      if (run === undefined) {
        missing[peer.name] = "has no such call";
        continue;
      }
      const { milliseconds, check } = await run;
      // The first round warms up: caches of the system, compilers.
      if (repeat < 0) continue;
      times.set(peer.name, [...times.get(peer.name) ?? [], milliseconds]);
      if (repeat === 0) checks.set(peer.name, check);
    }
  }
  agree(plan.title, checks);
  const ours = times.get("microtome")!;
  const ratios: Partial<Record<PeerName, Spread>> = {};
  const milliseconds: Partial<Record<PeerName, Spread>> = {};
  for (const [name, values] of times) {
    milliseconds[name] = spread(values);
    if (name !== "microtome") ratios[name] = spread(values.map((value, i) => value / ours[i]!));
  }
  const goals = plan.goals.map(({ peer, factor }): Goal => {
    const reached = ratios[peer];
    const text = `${factor} x ${peer}`;
    if (reached === undefined) return { text, met: false, reached: `not measured: ${missing[peer]}` };
    return { text, met: reached.median >= factor, reached: `${reached.median.toFixed(2)} x` };
  });
  return { kind: "local", id: plan.id, title: plan.title, milliseconds, ratios, absent: missing, goals };
}

/** Peers that read other values have not done the same work. */
function agree(title: string, checks: ReadonlyMap<PeerName, number>): void {
  const [first, ...others] = checks;
  for (const [name, check] of others) {
    if (Math.abs(check - first![1]) > 1e-6 * Math.abs(first![1])) {
      throw new Error(`Cannot compare ${name} in "${title}": it reads ${check}, ${first![0]} reads ${first![1]}`);
    }
  }
}
