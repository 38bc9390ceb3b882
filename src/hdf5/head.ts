/**
 * The head of a file: opening it in the instance, telling one that is being written, and what isn't HDF5.
 *
 * @module
 */
import { NotHdf5Error } from "../source/errors.ts";
import { type Hdf5Exports, OK } from "../wasm/instance.ts";
import type { Engine } from "./engine/engine.ts";
import type { Attempt, RunOptions } from "./engine/engine_types.ts";
import { ROOT_FOLDER } from "./engine/external.ts";
import { OPEN_FILE } from "./engine/failure.ts";
import type { GroupInfo } from "./metadata.ts";
import { openObjects } from "./objects.ts";

/** What the head of a file says. */
export interface FileInfo {
  /** Version of the superblock, 0 to 3. */
  readonly superblock: number;
  /** Bytes before the HDF5 data. */
  readonly userblock: number;
  /** Page size of a file whose space is managed in pages, else 0. */
  readonly pageSize: number;
  /** End of the HDF5 data as the superblock has it, in bytes. */
  readonly size: number;
}

/** What opening and refreshing find at the head of a file. */
export interface Head {
  readonly info: FileInfo;
  readonly root: GroupInfo;
  readonly isBeingWritten: boolean;
}

/** Opens the file in the instance, as far as it goes where it is followed or has a writer. */
export async function readHead(engine: Engine, follow: boolean, options: RunOptions): Promise<Head> {
  const head = (partial: boolean): ReturnType<typeof openHead> =>
    openHead(engine, (exports, pointer, length) => {
      exports.mt_file_follow?.(partial ? 1 : 0);
      return exports.mt_file_open(pointer, length);
    }, options);
  let found: Awaited<ReturnType<typeof openHead>> | undefined;
  let failure: unknown;
  try {
    found = await head(follow);
  } catch (error) {
    failure = error;
  }
  const isBeingWritten = hasWriter(engine);
  if (!follow && isBeingWritten) {
    // Its end is told by the superblock when the writer has closed it, and not before.
    engine.startAfresh();
    found = await head(true);
  }
  if (found === undefined) throw failure;
  return { ...found, isBeingWritten };
}

/** \211HDF\r\n\032\n, where the superblock starts (file format specification, II.A). */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the superblock's consistency flags say that a writer has the file open, or died (versions 3 and up). */
function hasWriter(engine: Engine): boolean {
  const { cache, source } = engine.source(0);
  for (let offset = 0; offset + 12 <= source.byteLength; offset = offset === 0 ? 512 : 2 * offset) {
    const bytes = cache.peek({ offset, length: 12 });
    // Opening has looked at each place up to the one with the signature.
    if (bytes === undefined) return false;
    if (SIGNATURE.every((byte, i) => bytes[i] === byte)) return bytes[8]! >= 3 && (bytes[11]! & 5) !== 0;
  }
  return false;
}

/** Opens, or makes, the file in slot 0. */
export async function openHead(
  engine: Engine,
  attempt: (exports: Hdf5Exports, name: number, length: number) => number,
  options: RunOptions = {},
): Promise<{ info: FileInfo; root: GroupInfo }> {
  let info: FileInfo | undefined;
  const name = ROOT_FOLDER + (engine.name.split(/[?#]/)[0]!.split(/[/\\]/).pop() || "file");
  const opening: Attempt = (exports) =>
    engine.instance.withText(name, (pointer, length) => attempt(exports, pointer, length));
  try {
    await engine.run({ action: OPEN_FILE }, (exports) => {
      const status = opening(exports);
      if (status === OK) info = engine.instance.json() as FileInfo;
      return status;
    }, { ...options, opens: true });
  } catch (error) {
    throw await toldApart(engine, error);
  }
  usePageSize(engine, info!.pageSize);
  engine.setOpening(info!.userblock, opening);
  const [root] = await openObjects(engine, [{ from: ROOT, path: "/", full: "/" }], options);
  if (root instanceof Error) throw root;
  engine.setRoot(root!);
  return { info: info!, root: root as GroupInfo };
}

/** An error of opening: where the file is of another kind, it says of which, and what opens that. */
async function toldApart(engine: Engine, error: unknown): Promise<unknown> {
  if (!(error instanceof NotHdf5Error)) return error;
  const { cache } = engine.source(0);
  // Who opens HDF5 doesn't load a table of everything else.
  const { describeHead, HEAD_BYTES, kindOf } = await import("../source/signatures.ts");
  const length = Math.min(HEAD_BYTES, cache.byteLength);
  // The library has had these bytes, so that they cost nothing.
  const head = length === 0 ? new Uint8Array(0) : (await cache.readMany([{ offset: 0, length }]))[0]!;
  if (kindOf(head)?.name === "HDF5") return error;
  return new NotHdf5Error(`Cannot open ${engine.name}: it is not an HDF5 file; ${describeHead(head)}`, {
    file: engine.name,
    cause: error,
  });
}

/** Handle 0 is the root group of the file that was opened, whatever its address. */
const ROOT = { file: 0, address: -1 } as const;

/** The largest page size that is taken as the unit of reading: larger pages would cost more than they save. */
const LARGEST_PAGE = 1024 * 1024;

/** Reads a paged file by whole pages: what belongs together lies in one. */
function usePageSize(engine: Engine, pageSize: number): void {
  const { cache } = engine.source(0);
  if (pageSize <= 0 || pageSize > LARGEST_PAGE) return;
  if (pageSize >= cache.blockSize) cache.blockSize = pageSize;
  else cache.blockSize = Math.ceil(cache.blockSize / pageSize) * pageSize;
}
