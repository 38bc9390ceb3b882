/**
 * An extracellular recording that looks like one: noise, a slow field potential, and spikes of units near a linear
 * probe. Seeded, so that it is the same everywhere.
 *
 * @module
 */

/** What is to be made. */
export interface RecordingOptions {
  /** Length in seconds. */
  readonly seconds: number;
  /** Samples per second. */
  readonly rate: number;
  /** Number of channels. */
  readonly channels: number;
  /** Volts per count. */
  readonly conversion: number;
}

/** A unit and when it fired. */
export interface Unit {
  /** Channel that it lies nearest to. */
  readonly channel: number;
  /** Depth of its spikes on that channel, in volts. */
  readonly amplitude: number;
  /** When it fired, in seconds. */
  readonly times: Float64Array;
}

/** A recording. */
export interface Recording {
  /** Samples by time and channel, in counts. */
  readonly data: Int16Array;
  /** The units in it. */
  readonly units: readonly Unit[];
}

/**
 * Makes a recording.
 *
 * @param options How long, how fast, how many channels
 */
export function makeRecording(options: RecordingOptions): Recording {
  const { seconds, rate, channels, conversion } = options;
  const random = randomNumbers(20261121);
  const samples = Math.round(seconds * rate);
  const data = new Int16Array(samples * channels);
  addBackground(data, options, random);
  const units = Array.from({ length: 14 }, (): Unit => ({
    channel: Math.floor(random() * channels),
    amplitude: (80 + 140 * random()) * 1e-6,
    times: spikeTimes(seconds, 2 + 14 * random(), random),
  }));
  for (const { channel, amplitude, times } of units) {
    const shape = spikeShape(rate, 0.7 + 0.6 * random());
    for (const time of times) {
      const start = Math.round(time * rate) - Math.round(shape.length / 4);
      for (let near = Math.max(0, channel - 3); near <= Math.min(channels - 1, channel + 3); near++) {
        const gain = amplitude / conversion * Math.exp(-((near - channel) ** 2) / 3);
        for (let i = 0; i < shape.length; i++) {
          const at = start + i;
          if (at >= 0 && at < samples) data[at * channels + near]! += gain * shape[i]!;
        }
      }
    }
  }
  return { data, units };
}

// White noise on each channel, and slow waves whose phase shifts along the probe.
function addBackground(
  data: Int16Array,
  { rate, channels, conversion }: RecordingOptions,
  random: () => number,
): void {
  const noise = Float32Array.from({ length: 65536 }, () => normal(random) * 7e-6 / conversion);
  const waves = [[1.5, 25e-6, 0.05], [8, 35e-6, 0.1], [35, 9e-6, 0.3]].map(([hertz, volts, shift]) => ({
    step: 2 * Math.PI * hertz! / rate,
    counts: volts! / conversion,
    shift: shift!,
  }));
  const samples = data.length / channels;
  let state = 12345;
  for (let time = 0; time < samples; time++) {
    // One sine and cosine per wave and time; the channels' phases follow by the addition theorem.
    const parts = waves.map(({ step, counts }) => [counts * Math.sin(step * time), counts * Math.cos(step * time)]);
    for (let channel = 0; channel < channels; channel++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      let value = noise[state >>> 16]!;
      for (let k = 0; k < waves.length; k++) {
        const phase = SHIFTS[Math.min(255, Math.round(waves[k]!.shift * channel * 16))]!;
        value += parts[k]![0]! * phase[0] + parts[k]![1]! * phase[1];
      }
      data[time * channels + channel] = Math.round(value);
    }
  }
}

const SHIFTS: readonly (readonly [number, number])[] = Array.from(
  { length: 256 },
  (_, i) => [Math.cos(i / 16), Math.sin(i / 16)] as const,
);

// Firing at random, but never within 2 ms of the last spike.
function spikeTimes(seconds: number, hertz: number, random: () => number): Float64Array {
  const times: number[] = [];
  for (let time = 0;;) {
    time += 0.002 - Math.log(1 - random()) / hertz;
    if (time >= seconds) return Float64Array.from(times);
    times.push(time);
  }
}

// A sharp trough followed by a slower, smaller peak; about 2 ms in all.
function spikeShape(rate: number, width: number): Float64Array {
  const length = Math.round(0.002 * rate);
  return Float64Array.from({ length }, (_, i) => {
    const milliseconds = (i / rate * 1000 - 0.5) / width;
    return -Math.exp(-((milliseconds / 0.13) ** 2)) + 0.35 * Math.exp(-(((milliseconds - 0.45) / 0.25) ** 2));
  });
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

// mulberry32: small, good enough for a picture, and the same in every engine.
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
