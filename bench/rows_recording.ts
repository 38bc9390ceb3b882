/**
 * Rows on recordings of makers' formats, beside neo and NumPy.
 *
 * @module
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { openRecording, type Recording } from "../src/recording/mod.ts";
import { makeTrc } from "../tests/recording/make/micromed.ts";
import { startRangeServer } from "../tests/support/range_server.ts";
import { FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { sumOfLastRow } from "./peers/check.ts";
import { h5pyPeer, type PythonPeer } from "./peers/h5py.ts";
import { DELAY } from "./remote.ts";

const TRC = `${FOLDER}recording.TRC`;
const TRC_RATE = 256;
const FLAT = `${FOLDER}probe.bin`;
/** A Neuropixels' channels and rate. */
const CHANNELS = 385;
const RATE = 30_000;
const GAIN = 2.34375;
const WINDOWS = 4;

function makeOnce(path: string, make: () => Uint8Array): void {
  if (existsSync(path)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${path}.part`, make());
  renameSync(`${path}.part`, path);
}

function makeFiles(): void {
  makeOnce(TRC, () =>
    makeTrc({
      electrodes: Array.from({ length: 64 }, (_, code) => ({ code, name: `E${code}` })),
      rows: 600 * TRC_RATE,
      value: (row, channel) => 32768 + (row * 31 + channel * 7) % 2000 - 1000,
    }));
  makeOnce(FLAT, () => {
    const values = new Int16Array(WINDOWS * RATE * CHANNELS);
    for (let i = 0, state = 1; i < values.length; i++) {
      values[i] = (state = Math.imul(state, 1664525) + 1013904223) >> 20;
    }
    return new Uint8Array(values.buffer);
  });
}

async function windowOf(recording: Recording, from: number, rows: number): Promise<number> {
  return sumOfLastRow(await recording.scaledSignal().read([{ start: from, stop: from + rows, step: 1 }]));
}

/**
 * The plans.
 *
 * @param quick Fewer repeats
 * @param neo The interpreter with neo, or `null` where it isn't installed
 */
export function recordingPlans(quick: boolean, neo: string | null): { plans: PairPlan[]; close: () => void } {
  makeFiles();
  const repeats = quick ? 3 : 11;
  let python: PythonPeer | undefined;
  const call = (name: string, options: Record<string, unknown>) => {
    python ??= h5pyPeer(neo!, "recording_peer.py");
    return python.call(name, options);
  };
  const plan = (
    id: string,
    title: string,
    ours: PairPlan["run"][string],
    theirs: Readonly<Record<string, PairPlan["run"][string]>>,
  ): PairPlan => ({ id, title, repeats, run: { microtome: ours, ...(neo === null ? {} : theirs) } });
  const raw = { channels: CHANNELS, samplingRate: RATE, gain: GAIN, units: "uV" };
  const flat = { path: FLAT, channels: CHANNELS, gain: GAIN };
  const plans = [
    plan(
      "recording-header",
      "Micromed, 64 channels, 20 MB: open and parse the header",
      () =>
        timed(async () => {
          await using recording = await openRecording(TRC);
          return recording.getSignalSize();
        }),
      { neo: () => call("header", { path: TRC }) },
    ),
    plan(
      "recording-window",
      "the same, open: 1 s of 64 channels in microvolts, 20 windows",
      async (repeat) => {
        await using recording = await openRecording(TRC);
        return await timed(async () => {
          let check = 0;
          for (let i = 0; i < 20; i++) check = await windowOf(recording, (i * 29 + repeat) % 590 * TRC_RATE, TRC_RATE);
          return check;
        });
      },
      {
        neo: (repeat) =>
          call("windows", {
            path: TRC,
            rate: TRC_RATE,
            starts: Array.from({ length: 20 }, (_, i) => (i * 29 + repeat) % 590 * TRC_RATE),
          }),
      },
    ),
    plan(
      "recording-url",
      `the same by URL, ${DELAY} ms: open, 1 s of 64 channels; neo downloads the file before`,
      async (repeat) => {
        const server = await startRangeServer({ "/bench/": FOLDER }, { latency: DELAY });
        try {
          return await timed(async () => {
            await using recording = await openRecording(`${server.url}/bench/recording.TRC`);
            return await windowOf(recording, repeat * TRC_RATE, TRC_RATE);
          });
        } finally {
          await server.close();
        }
      },
      {
        neo: async (repeat) => {
          const server = await startRangeServer({ "/bench/": FOLDER }, { latency: DELAY });
          try {
            return await call("download", {
              url: `${server.url}/bench/recording.TRC`,
              rate: TRC_RATE,
              start: repeat * TRC_RATE,
            });
          } finally {
            await server.close();
          }
        },
      },
    ),
    plan(
      "recording-scale",
      "385 channels at 30 kHz, flat int16: 1 s times a gain to float32",
      async (repeat) => {
        await using recording = await openRecording(FLAT, { raw });
        return await timed(() => windowOf(recording, repeat % WINDOWS * RATE, RATE));
      },
      {
        NumPy: (repeat) => call("scale", { ...flat, start: repeat % WINDOWS * RATE, rows: RATE }),
        neo: (repeat) => call("scale_neo", { ...flat, start: repeat % WINDOWS * RATE, rows: RATE, rate: RATE }),
      },
    ),
    plan(
      "recording-channel",
      "the same: one channel of all 4 s, in microvolts",
      async () => {
        await using recording = await openRecording(FLAT, { raw });
        return await timed(async () => sumOfLastRow(await recording.scaledSignal().read([null, [7]])));
      },
      { NumPy: () => call("scale", { ...flat, start: 0, rows: WINDOWS * RATE, column: 7 }) },
    ),
  ];
  return { plans, close: () => void python?.close?.() };
}
