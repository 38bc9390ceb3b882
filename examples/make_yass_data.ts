/**
 * `deno run -A examples/make_yass_data.ts FILE`: a recording as that of YASS' examples is, made up: 385 channels of int16 in the order of
 * channels, 10,000 observations at 30 kHz; drifts, noise, and spikes of three waveforms.
 *
 * @module
 */

/** Channels, as of a Neuropixels probe. */
export const CHANNELS = 385;
/** Observations: a hundredth of the seed's million or so. */
export const OBSERVATIONS = 10_000;

/** A generator of numbers from 0 to 1 that gives the same each time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The recording, channel after channel. */
export function yassRecording(): Int16Array<ArrayBuffer> {
  const next = random(14);
  const out = new Int16Array(CHANNELS * OBSERVATIONS);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const values = out.subarray(channel * OBSERVATIONS, (channel + 1) * OBSERVATIONS);
    const phase = next() * 2 * Math.PI;
    for (let i = 0; i < OBSERVATIONS; i++) {
      const drift = 60 * Math.sin(2 * Math.PI * 8 * i / 30_000 + phase);
      values[i] = Math.round(drift + 24 * (next() + next() + next() - 1.5));
    }
    for (let spike = 0; spike < 40; spike++) {
      const at = Math.floor(next() * (OBSERVATIONS - 60));
      const size = 90 + 60 * (spike % 3);
      for (let i = 0; i < 45; i++) {
        values[at + i]! -= Math.round(
          size * Math.exp(-(((i - 12) / 5) ** 2)) - size / 3 * Math.exp(-(((i - 26) / 8) ** 2)),
        );
      }
    }
  }
  return out;
}

if (import.meta.main) {
  const [path] = Deno.args;
  if (path === undefined) throw new TypeError("Cannot make a recording without a FILE");
  await Deno.writeFile(path, new Uint8Array(yassRecording().buffer));
}
