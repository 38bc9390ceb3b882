/** Sinks that fail on demand, and a round trip. */
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import type { ByteSink } from "../../src/source/sink/sink.ts";
import { WriteError } from "../../src/source/errors.ts";
import { create, type CreateOptions } from "../../src/hdf5/write/create.ts";
import { type H5File, open } from "../../src/hdf5/file.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";

/** What became of a sink. */
export interface WatchedSink extends ByteSink {
  /** `open`, `committed` or `abandoned`. */
  state: string;
  /** Bytes written so far, counting those written twice. */
  written: number;
}

/** A sink in memory that is full after some bytes have been written. */
export function fullSink(room: number): WatchedSink {
  const sink = memorySink("full.h5");
  const watched: WatchedSink = {
    name: "full.h5",
    state: "open",
    written: 0,
    get byteLength() {
      return sink.byteLength;
    },
    writeSync(offset, data) {
      if (watched.written + data.length > room) throw new WriteError(`Cannot write "full.h5": the disk is full`);
      watched.written += data.length;
      sink.writeSync(offset, data);
    },
    readIntoSync: (offset, target) => sink.readIntoSync(offset, target),
    truncateSync: (length) => sink.truncateSync(length),
    async commit() {
      watched.state = "committed";
      await sink.commit();
    },
    async abandon() {
      watched.state = "abandoned";
      await sink.abandon();
    },
  };
  return watched;
}

/** Writes a file in memory and opens what came of it. */
export async function written(
  write: (file: WritableFile) => Promise<unknown>,
  options: CreateOptions = {},
): Promise<H5File> {
  const file = await create(null, options);
  await write(file);
  return await open(await file.bytes());
}
