/**
 * Plain HDF5 as a recording: each dataset [samples, channels] with the attribute `sampling_rate` is a stream.
 *
 * Other attributes may say more of it: `units`, `gain` and `offset` (one, or one for each channel), `channel_names`, `t_start` in
 * seconds. `convert` writes them so.
 *
 * @module
 */

import { numpyName } from "../../array/dtype/dtype.ts";
import { isNDArray } from "../../array/ndarray.ts";
import { Dataset } from "../../hdf5/dataset.ts";
import { open } from "../../hdf5/file.ts";
import { Group } from "../../hdf5/group.ts";
import { UnsupportedError } from "../../source/errors.ts";
import { stackColumns } from "../arrays/joined.ts";
import { borrowed } from "../files/borrowed.ts";
import type { RecordingFiles } from "../files/recording_files.ts";
import type {
  ChannelParts,
  FormatOptions,
  RecordingFormat,
  RecordingParts,
  SegmentSignal,
  StreamParts,
} from "../format.ts";
import { unreadByName } from "./unread.ts";

/** HDF5 with sampling rates. */
export const HDF5: RecordingFormat = {
  name: "hdf5",
  ioName: "HDF5IO",
  description: "HDF5 with sampling rates",
  extensions: ["h5", "hdf5"],
  // Makers' own formats that lie in HDF5 are told by what they hold, or by their names: those come first.
  recognises: () => false,
  mayBe: (probe) => probe.headText.startsWith("\x89HDF\r\n\x1a\n") && unreadByName(probe) === undefined,
  open: openHdf5,
};

/** Groups are looked into so deep. */
const DEEPEST = 4;

async function openHdf5(files: RecordingFiles, { signal }: FormatOptions): Promise<RecordingParts> {
  const source = await files.main();
  const file = await open(borrowed(source), { ...files.options, signal });
  try {
    const found: { stream: StreamParts; signal: SegmentSignal }[] = [];
    let level: Group[] = [file];
    for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
      const members = (await Promise.all(level.map((group) => group.members({ signal })))).flat();
      const own = members.filter(({ link }) => link.type === "hard");
      const datasets = own.flatMap(({ object }) => object instanceof Dataset ? [object] : []);
      found.push(
        ...(await Promise.all(datasets.map((dataset) => streamOf(dataset, files, signal)))).flatMap((one) =>
          one === null ? [] : [one]
        ),
      );
      level = own.flatMap(({ object }) => object instanceof Group ? [object] : []);
    }
    if (found.length === 0) {
      throw new UnsupportedError(
        `Cannot open ${files.name} as a recording: no dataset of it has the attribute "sampling_rate"`,
        { file: files.name },
      );
    }
    const tStart = Math.min(...found.map(({ signal }) => signal.tStart));
    const stops = found.map(({ stream, signal }) =>
      signal.tStart + signal.array.shape[0]! / stream.channels[0]!.samplingRate
    );
    return {
      streams: found.map(({ stream }) => stream),
      blocks: [{
        segments: [{
          tStart,
          tStop: Math.max(...stops),
          signals: found.map(({ signal }) => signal),
          events: () => ({ timestamps: new Float64Array(0), durations: null, labels: [], ticksPerSecond: 1 }),
        }],
      }],
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function streamOf(
  dataset: Dataset,
  files: RecordingFiles,
  signal: AbortSignal | undefined,
): Promise<{ stream: StreamParts; signal: SegmentSignal } | null> {
  const { shape, dtype, path } = dataset;
  if (dataset.isNull || shape.length === 0 || shape.length > 2) return null;
  if (dtype.kind !== "int" && dtype.kind !== "uint" && dtype.kind !== "float") return null;
  if (!await dataset.attributes.has("sampling_rate", { signal })) return null;
  const attributes = await dataset.attributes.all({ signal }) as Record<string, unknown>;
  const [samplingRate] = listOf(attributes["sampling_rate"], Number);
  if (!(samplingRate! > 0 && Number.isFinite(samplingRate))) {
    files.warn(`${path}: it is no stream: its sampling_rate is ${samplingRate}`);
    return null;
  }
  const count = shape[1] ?? 1;
  if (count === 0) return null;
  const perChannel = <T>(name: string, of: (value: unknown) => T, none: T): readonly T[] => {
    const list = listOf(attributes[name], of);
    if (list.length > 1 && list.length !== count) {
      files.warn(`${path}: it has ${list.length} ${name} for ${count} channels`);
    }
    if (list.length === count) return list;
    return Array.from({ length: count }, () => list.length === 1 ? list[0]! : none);
  };
  const [gains, offsets] = [perChannel("gain", Number, 1), perChannel("offset", Number, 0)];
  const units = perChannel("units", String, "");
  const names = listOf(attributes["channel_names"], String);
  const channels = Array.from({ length: count }, (_, i): ChannelParts => ({
    name: names[i] ?? `ch${i}`,
    id: String(i),
    samplingRate: samplingRate!,
    units: units[i]!,
    gain: gains[i]!,
    offset: offsets[i]!,
  }));
  const [tStart = 0] = listOf(attributes["t_start"], Number);
  return {
    stream: { name: path.replace(/^\//, ""), id: path, dtype: numpyName(dtype).replace(/^[<>|=]/, ""), channels },
    signal: {
      array: shape.length === 2 ? dataset : stackColumns([dataset]),
      tStart: Number.isFinite(tStart) ? tStart : 0,
    },
  };
}

/** An attribute's values, one or many. */
function listOf<T>(value: unknown, of: (value: unknown) => T): T[] {
  if (value === undefined || value === null) return [];
  if (isNDArray(value)) return Array.from(value.data as ArrayLike<unknown>, of);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, of);
  return [of(value)];
}
