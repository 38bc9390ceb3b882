/**
 * Datasets of recordings as one.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";
import { NotFoundError } from "../../source/errors.ts";
import type { Data } from "../data.ts";
import {
  RECORDING_OPTIONS,
  type RecordingOptions,
  type Recordings,
  SAMPLING_INTERVAL_OPTIONS,
  type SamplingIntervalOptions,
} from "./dataset.ts";
import { printsAsText } from "../../source/inspect.ts";
import type { Interval } from "../intervals/interval.ts";
import type { DatasetIndex } from "../sample/sampling_spans.ts";

/** Options of a {@linkcode NestedRecordingDataset}. */
export interface NestedRecordingDatasetOptions<C, T> {
  /** What samples become, after the transform of the dataset that they are of. */
  readonly transform?: ((sample: C) => T | Promise<T>) | undefined;
}

/**
 * Datasets by name as one dataset, whose recordings are called `name/recording`. Attributes that a dataset declares as its
 * `namespaceAttributes` get its name and a `/` before them, so that equal ids of two datasets stay apart. Nested datasets
 * can be nested themselves.
 *
 * @example
 * ```ts
 * import { RecordingDataset } from "./dataset.ts";
 * import { Data } from "../data.ts";
 * import { NestedRecordingDataset } from "./nested_dataset.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = await new Data({ session: new Data({ id: "s0" }) }).toBytes();
 * const options = { namespaceAttributes: ["session.id"] };
 * await using dataset = new NestedRecordingDataset({
 *   mice: await RecordingDataset.open({ a: bytes }, options),
 *   rats: await RecordingDataset.open({ a: bytes }, options),
 * });
 * assert.deepEqual(dataset.recordingIds, ["mice/a", "rats/a"]);
 * assert.equal((await dataset.getRecording("rats/a")).get("session.id"), "rats/s0");
 * ```
 */
export class NestedRecordingDataset<C = Data, T = C> implements Recordings<T> {
  /** The recordings' ids, `name/recording`, sorted. */
  readonly recordingIds: readonly string[];
  /** The datasets by name. */
  readonly datasets: ReadonlyMap<string, Recordings<C>>;
  readonly #transform: ((sample: C) => T | Promise<T>) | undefined;

  /**
   * Makes a dataset of datasets.
   *
   * @param datasets The datasets by name; they are closed with this one
   * @param options What samples become
   * @throws {TypeError} If a name is empty or has a `/`
   */
  constructor(
    datasets: Readonly<Record<string, Recordings<C>>> | ReadonlyMap<string, Recordings<C>>,
    options: NestedRecordingDatasetOptions<C, T> = {},
  ) {
    printsAsText(NestedRecordingDataset.prototype);
    this.datasets = new Map(datasets instanceof Map ? datasets : Object.entries(datasets));
    for (const name of this.datasets.keys()) {
      if (name !== "" && !name.includes("/")) continue;
      throw new TypeError(`Cannot name a dataset ${JSON.stringify(name)}: names aren't empty and have no "/"`);
    }
    this.recordingIds = [...this.datasets].flatMap(([name, { recordingIds }]) =>
      recordingIds.map((id) => `${name}/${id}`)
    )
      .sort();
    this.#transform = options.transform;
  }

  /**
   * A whole recording of one of the datasets, lazy.
   *
   * @param recordingId Such as `dataset/recording`
   * @param options A namespace before the dataset's name, abort signal
   * @throws {TypeError} If the id has no name of a dataset before it
   * @throws {NotFoundError} If there is no such dataset or recording
   */
  async getRecording(recordingId: string, options: RecordingOptions = {}): Promise<Data> {
    checkOptions(options, RECORDING_OPTIONS, "get recording");
    const { dataset, id, namespace } = this.#find(recordingId, options);
    return await dataset.getRecording(id, { ...options, namespace });
  }

  /**
   * A sample of one of the datasets: a window of a recording, as it comes from that dataset's transform and this one's.
   *
   * @param index Which recording, such as `dataset/recording`, from when to when
   * @param options A namespace before the dataset's name, abort signal
   * @throws {TypeError} If the id has no name of a dataset before it
   * @throws {NotFoundError} If there is no such dataset or recording
   */
  async get(index: DatasetIndex, options: RecordingOptions = {}): Promise<T> {
    checkOptions(options, RECORDING_OPTIONS, "get");
    const { dataset, id, namespace } = this.#find(index.recordingId, options);
    const sample = await dataset.get({ ...index, recordingId: id }, { ...options, namespace });
    return this.#transform === undefined ? sample as unknown as T : await this.#transform(sample);
  }

  /**
   * What samplers may sample: intervals by `dataset/recording`.
   *
   * @param options What to choose of a recording, which is told with its id here; abort signal
   */
  async getSamplingIntervals(options: SamplingIntervalOptions = {}): Promise<Record<string, Interval>> {
    checkOptions(options, SAMPLING_INTERVAL_OPTIONS, "get sampling intervals");
    const { intervals } = options;
    const all = [...this.datasets].map(async ([name, dataset]) => {
      const found = await dataset.getSamplingIntervals({
        ...options,
        ...(intervals === undefined ? {} : { intervals: (recording, id) => intervals(recording, `${name}/${id}`) }),
      });
      return Object.entries(found).map(([id, interval]) => [`${name}/${id}`, interval] as const);
    });
    return Object.fromEntries((await Promise.all(all)).flat());
  }

  /** Closes all datasets. */
  async close(): Promise<void> {
    await Promise.all([...this.datasets.values()].map((dataset) => dataset.close()));
  }

  /** Closes all datasets. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Such as `NestedRecordingDataset(n_recordings=3)`. */
  toString(): string {
    return `NestedRecordingDataset(n_recordings=${this.recordingIds.length})`;
  }

  #find(
    recordingId: string,
    { namespace = "" }: RecordingOptions,
  ): { dataset: Recordings<C>; id: string; namespace: string } {
    const what = `Cannot get recording ${JSON.stringify(recordingId)}`;
    const slash = recordingId.indexOf("/");
    if (slash < 0) throw new TypeError(`${what}: the dataset's name is missing, expected "dataset/recording"`);
    const name = recordingId.slice(0, slash);
    const dataset = this.datasets.get(name);
    if (dataset === undefined) throw new NotFoundError(`${what}: there is no dataset ${JSON.stringify(name)}`);
    return { dataset, id: recordingId.slice(slash + 1), namespace: namespace === "" ? name : `${namespace}/${name}` };
  }
}
