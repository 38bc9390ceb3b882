/**
 * What neo reads of the corpus' recordings, and whether what is read here agrees.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CORPUS } from "../corpus/find.ts";
import type { RecordingParts } from "../../src/recording/format.ts";
import { numbers } from "./support.ts";

/** A segment of a stream, as neo read it. */
export interface GoldenSegment {
  readonly block: number;
  readonly seg: number;
  readonly n_samples: number;
  readonly t_start: number;
  readonly first_5_samples_ch0: readonly number[];
  readonly last_3_samples_chlast: readonly number[];
  readonly int_sum_all: number;
  readonly ch0_min_max: readonly [number, number];
}

/** A stream, as neo read it. */
export interface GoldenStream {
  readonly id: string;
  readonly name: string;
  readonly n_channels: number;
  readonly channel_names: readonly string[];
  readonly sampling_rate: number;
  readonly dtype: string;
  readonly units: string;
  readonly gain0: number;
  readonly offset0: number;
  readonly segments: readonly GoldenSegment[];
}

/** A recording, as neo read it. */
export interface GoldenRecording {
  readonly error?: string;
  readonly nb_block: number;
  readonly nb_segment: readonly number[];
  readonly streams: readonly GoldenStream[];
  readonly events: readonly {
    readonly name: string;
    readonly count: number;
    readonly first_3_raw?: readonly number[];
    readonly first_3_labels?: readonly string[];
  }[];
}

/** What neo reads of a recording of the corpus, `null` where the corpus isn't there. */
export function goldenOf(path: string): GoldenRecording | null {
  if (CORPUS === null) return null;
  const all = JSON.parse(readFileSync(`${CORPUS}EXPECTED/neo_golden.json`, "utf8"));
  const found = all[path];
  assert.ok(found !== undefined, `neo_golden.json has no ${path}`);
  return found;
}

const DTYPES: Readonly<Record<string, string>> = { int16: "i2", uint16: "u2", int32: "i4", float32: "f4" };

/** Asserts that streams and samples are those that neo read. `except` names fields in which neo errs. */
export async function assertGoldenSignals(
  parts: RecordingParts,
  golden: GoldenRecording,
  except: readonly (keyof GoldenStream)[] = [],
): Promise<void> {
  assert.equal(parts.blocks.length, golden.nb_block);
  assert.deepEqual(parts.blocks.map(({ segments }) => segments.length), golden.nb_segment);
  assert.deepEqual(parts.streams.map(({ name }) => name), golden.streams.map(({ name }) => name));
  for (const [i, expected] of golden.streams.entries()) {
    const stream = parts.streams[i]!;
    const [first] = stream.channels;
    const told = {
      id: stream.id,
      n_channels: stream.channels.length,
      channel_names: stream.channels.slice(0, expected.channel_names.length).map(({ name }) => name),
      sampling_rate: first!.samplingRate,
      dtype: stream.dtype,
      units: first!.units,
      gain0: first!.gain,
      offset0: first!.offset,
    };
    for (const [field, value] of Object.entries(told)) {
      if (except.includes(field as keyof GoldenStream)) continue;
      const wanted = expected[field as keyof GoldenStream];
      assert.deepEqual(
        value,
        field === "dtype" ? DTYPES[wanted as string] ?? wanted : wanted,
        `${stream.name}: ${field}`,
      );
    }
    for (const segment of expected.segments) {
      const signal = parts.blocks[segment.block]!.segments[segment.seg]!.signals[i]!;
      assert.deepEqual(signal.array.shape, [segment.n_samples, expected.n_channels]);
      assert.ok(Math.abs(signal.tStart - segment.t_start) < 1e-9, `${signal.tStart}, expected ${segment.t_start}`);
      const read = await signal.array.read();
      const values = numbers(read);
      const width = expected.n_channels;
      assert.deepEqual(segment.first_5_samples_ch0, [0, 1, 2, 3, 4].map((row) => values[row * width]));
      assert.deepEqual(segment.last_3_samples_chlast, [3, 2, 1].map((back) => values.at(-1 - (back - 1) * width)));
      assert.equal(values.reduce((sum, value) => sum + value, 0), segment.int_sum_all);
      let [least, most] = [Infinity, -Infinity];
      for (let at = 0; at < values.length; at += width) {
        least = Math.min(least, values[at]!);
        most = Math.max(most, values[at]!);
      }
      assert.deepEqual([least, most], segment.ch0_min_max);
    }
  }
}
