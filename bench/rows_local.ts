/**
 * The rows on local files: one entry each.
 *
 * @module
 */
import { pathOf, SERIES } from "./files.ts";
import type { LocalPlan } from "./measure.ts";
import type { Series } from "./types.ts";

const INT16: Series = { path: pathOf("int16"), dataset: SERIES };
const QUIET: Series = { path: pathOf("int16quiet"), dataset: SERIES };
const FLOAT64: Series = { path: pathOf("float64"), dataset: SERIES };
const ROWS = 1000;
/** Rows per chunk of `int16`. */
const CHUNK = 10_000;

/** Starts of slices within single chunks, in an order that meets no chunk twice. */
function startsOf(repeat: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => (2 + (i * 37 + repeat * 11) % 101) * CHUNK + (i * 773) % (CHUNK - ROWS),
  );
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 */
export function localPlans(quick: boolean): LocalPlan[] {
  const repeats = quick ? 3 : 11;
  const whole = { repeats, once: ["jsfive"] as const };
  return [
    {
      ...whole,
      id: "whole-int16",
      title: "whole read, int16 with noise of 9 bits, gzip + shuffle, 64 MiB",
      run: (peer) => peer.whole(INT16),
      goals: [{ peer: "h5py", factor: 2.5 }, { peer: "h5wasm", factor: 4 }],
    },
    {
      ...whole,
      id: "whole-quiet",
      title: "the same with noise of 5 bits",
      run: (peer) => peer.whole(QUIET),
      ...(quick ? { absent: { jsfive: "left out of --quick" } } : {}),
      goals: [{ peer: "h5py", factor: 2.5 }, { peer: "h5wasm", factor: 4 }],
    },
    {
      ...whole,
      id: "whole-float64",
      title: "whole read, float64, uncompressed, 64 MiB",
      run: (peer) => peer.whole(FLOAT64),
      goals: [],
    },
    {
      repeats,
      id: "slice-open",
      title: "1,000-row slice of the int16 file, file open",
      run: (peer, repeat) => peer.slices?.(INT16, startsOf(repeat, 20), ROWS),
      absent: { jsfive: "reads whole datasets only" },
      goals: [{ peer: "h5py", factor: 1 }, { peer: "h5wasm", factor: 3 }],
    },
    {
      repeats,
      id: "slice-scratch",
      title: "the same from scratch: open, find, read, close",
      run: (peer, repeat) => peer.scratch?.(INT16, startsOf(repeat, 1)[0]!, ROWS),
      absent: { jsfive: "reads whole datasets only" },
      goals: [],
    },
  ];
}
