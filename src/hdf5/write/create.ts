/**
 * Making HDF5 files, and changing them.
 *
 * @module
 */
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { memorySink } from "../../source/sink/memory_sink.ts";
import { bytesOf } from "../../source/local/memory.ts";
import { openSink, openSinkToChange } from "../../source/sink/open_sink.ts";
import { openSource } from "../../source/open_source.ts";
import { sinkSource } from "../../source/sink/sink_source.ts";
import type { ByteSink, SinkTarget } from "../../source/sink/sink.ts";
import type { Hdf5Exports } from "../../wasm/instance.ts";
import { Engine } from "../engine/engine.ts";
import type { ExternalResolver } from "../engine/external.ts";
import { openHead } from "../head.ts";
import { WritableDataset } from "./writable_dataset.ts";
import { WritableFile } from "./writable_file.ts";
import { WritableGroup } from "./writable_group.ts";
import { Writing } from "./writing.ts";

/** Options of {@linkcode create}. */
export interface CreateOptions {
  /**
   * Whether a file that is there already is replaced (whole, when the new one is closed) or is an error.
   *
   * @default {true}
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Whether the root group, and groups that don't say otherwise, remember in which order their links and attributes were
   * made.
   *
   * @default {false}
   */
  readonly trackOrder?: boolean | undefined;
  /**
   * `latest` writes the newest format: smaller, and faster with very many chunks or members, but libraries before HDF5
   * 1.10 can't read it. It is the newest that HDF5 1.14 reads, not that of HDF5 2.
   *
   * @default {"earliest"}
   */
  readonly format?: "earliest" | "latest" | undefined;
  /**
   * Bytes left free before the HDF5 data: 0, or a power of two from 512 on.
   *
   * @default {0}
   */
  readonly userBlock?: number | undefined;
  /**
   * Whether other files that links of this one lead to may be read: as `open` has it.
   *
   * @default {false}
   */
  readonly external?: boolean | ExternalResolver | undefined;
  /**
   * What one call into the HDF5 module may use; past it the call fails with `LimitError`, and the file can only be given up:
   * as `open` has them.
   */
  readonly maxWork?: number | undefined;
  /** The same of its memory, in bytes. */
  readonly maxMemory?: number | undefined;
  /**
   * Told where `await using` gives up a file that was written to without a failure, and neither closed nor abandoned.
   *
   * @default {a warning of the process, or of the console}
   */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Options of {@linkcode change}. */
export interface ChangeOptions {
  /**
   * Whether other files that this one refers to may be read: as `open` has it.
   *
   * @default {false}
   */
  readonly external?: boolean | ExternalResolver | undefined;
  /**
   * What one call into the HDF5 module may use; past it the call fails with `LimitError`, and the file can only be given up:
   * as `open` has them.
   */
  readonly maxWork?: number | undefined;
  /** The same of its memory, in bytes. */
  readonly maxMemory?: number | undefined;
}

const TRACK_ORDER = 1;
const LATEST = 2;

/**
 * Makes an HDF5 file: in memory, at a path, or in any sink.
 *
 * It is finished by `close()` (or `bytes()`); **a file that isn't closed is abandoned**, and what it would have replaced
 * stays as it was. The same calls give the same bytes in every runtime.
 *
 * @param target A path, a URL with the scheme `file`, or a sink; nothing for memory.
 * @param options Format, order of creation, whether an old file may be replaced.
 * @returns The file, empty.
 * @throws {WriteError} If the target can't be written.
 * @throws {UnsupportedError} If it is a path, and this runtime has no files.
 * @throws {RangeError} If `userBlock` is no such number.
 *
 * @example
 * ```ts
 * import { create } from "./create.ts";
 * await using file = await create();
 * await file.createDataset("acquisition/data", { shape: [1000, 4], dtype: "<i2", compression: "gzip", shuffle: true });
 * await file.attributes.set("session", "2026-02-03");
 * const bytes = await file.bytes();
 * console.log(bytes.length);
 * ```
 */
export async function create(target?: SinkTarget | null, options: CreateOptions = {}): Promise<WritableFile> {
  checkOptions(options, CREATE_OPTIONS, "create a file");
  const { userBlock = 0 } = options;
  if (userBlock !== 0 && (!Number.isSafeInteger(userBlock) || userBlock < 512 || Math.log2(userBlock) % 1 !== 0)) {
    throw new RangeError(
      `Cannot create a file with a user block of ${userBlock} bytes: expected a power of two from 512 on`,
    );
  }
  const flags = (options.trackOrder === true ? TRACK_ORDER : 0) | (options.format === "latest" ? LATEST : 0);
  const sink = target === undefined || target === null ? memorySink() : await openSink(target, options);
  return await start(
    sink,
    options,
    false,
    (exports, name, length) => exports.mt_file_create(name, length, flags, userBlock),
  );
}

/**
 * Opens an HDF5 file to change it: a local file in place, or a copy of bytes in memory.
 *
 * A local file is changed **where it is**: what is written can't be taken back, and a process that dies on the way may
 * leave it damaged. Keep a copy of what can't be made again. `await using` closes it.
 *
 * @param target A path, a URL with the scheme `file`, a sink that holds the file, or the file's bytes, which stay as
 * they are: `bytes()` gives the changed ones.
 * @param options What may be opened beside it.
 * @returns The file.
 * @throws {NotFoundError} If there is no such file.
 * @throws {NotHdf5Error} If it isn't an HDF5 file.
 * @throws {WriteError} If it may not be written.
 *
 * @example
 * ```ts
 * import { change, create } from "./create.ts";
 * await using made = await create();
 * await made.createDataset("data", { data: [1, 2, 3], maxShape: [null] });
 * await using file = await change(await made.bytes());
 * await (await file.dataset("data")).append([4]);
 * const bytes = await file.bytes();
 * console.log(bytes.length);
 * ```
 */
export async function change(
  target: SinkTarget | ArrayBuffer | ArrayBufferView,
  options: ChangeOptions = {},
): Promise<WritableFile> {
  checkOptions(options, CHANGE_OPTIONS, "change a file");
  const sink = await openToChange(target);
  return await start(sink, options, true, (exports, name, length) => exports.mt_file_change(name, length, 0));
}

async function openToChange(target: SinkTarget | ArrayBuffer | ArrayBufferView): Promise<ByteSink> {
  if (target instanceof ArrayBuffer || ArrayBuffer.isView(target)) {
    const sink = memorySink();
    sink.writeSync(0, bytesOf(target));
    return sink;
  }
  return await openSinkToChange(
    target,
    (address) => `Cannot change ${address}: only local files, bytes and sinks can be changed`,
  );
}

async function start(
  sink: ByteSink,
  options: ChangeOptions & Pick<CreateOptions, "onWarning">,
  inPlace: boolean,
  attempt: (exports: Hdf5Exports, name: number, length: number) => number,
): Promise<WritableFile> {
  let engine: Engine | undefined;
  try {
    const { maxWork, maxMemory } = options;
    const source = await openSource(sinkSource(sink, false), { maxWork, maxMemory });
    const writing = new Writing(sink, {
      group: (engine, info, path) => new WritableGroup(engine, info, path),
      dataset: (engine, info, path) => new WritableDataset(engine, info, path),
    });
    engine = await Engine.start(source, { external: options.external }, writing);
    const { info, root } = await openHead(engine, attempt);
    return new WritableFile(
      engine,
      info,
      writing.place(root, "/"),
      inPlace,
      options.onWarning,
    );
  } catch (error) {
    await engine?.close();
    await sink.abandon();
    throw error;
  }
}

const CHANGE_OPTIONS: OptionNames<ChangeOptions> = { external: true, maxWork: true, maxMemory: true };
const CREATE_OPTIONS: OptionNames<CreateOptions> = {
  ...CHANGE_OPTIONS,
  overwrite: true,
  trackOrder: true,
  format: true,
  userBlock: true,
  onWarning: true,
};
