/** ZIP archives for tests, with anything in them wrong that a test asks for. */

import { crc32 as zlibCrc32 } from "node:zlib";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { openSource, type SourceInput, type SourceOptions } from "../../src/source/open_source.ts";
import type { ZipArchive } from "../../src/source/zip/zip_archive.ts";
import type { Crc32 } from "../../src/source/zip/directory.ts";
import { openZip } from "../../src/source/zip/open_zip.ts";
import { ZipWriter } from "../../src/source/zip/zip_writer.ts";

/** The room of sources has no checksum of its own. */
export const crc32: Crc32 = (bytes, crc) => zlibCrc32(bytes, crc);

/** Opens an archive in memory. */
export async function opened(
  input: SourceInput,
  options: SourceOptions & { maxRatio?: number } = {},
): Promise<ZipArchive> {
  return await openZip(await openSource(input, options), { crc32, maxRatio: options.maxRatio });
}

/** Writes an archive as we write it. */
export async function written(
  members: Record<string, Uint8Array>,
  compression = false,
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = memorySink();
  const writer = new ZipWriter(sink, { crc32 });
  for (const [name, bytes] of Object.entries(members)) await writer.add(name, [bytes], { compression });
  writer.close();
  return sink.bytes().slice();
}

/** A member that is written as it is told. */
export interface CraftedMember {
  name?: string | Uint8Array;
  /** Packed bytes. */
  data?: Uint8Array;
  method?: number;
  flags?: number;
  size?: number;
  compressedSize?: number;
  crc?: number;
  extra?: number[];
  localExtra?: number[];
  localName?: string;
  localSize?: number;
  localCrc?: number;
  localMethod?: number;
  offset?: number;
  descriptor?: boolean;
  disk?: number;
}

/** What else can be wrong. */
export interface Crafting {
  prefix?: Uint8Array;
  comment?: Uint8Array;
  count?: number;
  directorySize?: number;
  directoryOffset?: number;
  disk?: number;
  zip64?: boolean;
  trailing?: Uint8Array;
}

const le = (width: number, ...values: number[]) =>
  values.flatMap((value) => Array.from({ length: width }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256));

/** An archive, byte by byte. */
export function crafted(members: CraftedMember[], options: Crafting = {}): Uint8Array<ArrayBuffer> {
  const body: number[] = [];
  const directory: number[] = [];
  for (const member of members) {
    const data = member.data ?? new Uint8Array(0);
    const raw = (name: string | Uint8Array) => typeof name === "string" ? new TextEncoder().encode(name) : name;
    const name = raw(member.name ?? "a");
    const localName = raw(member.localName ?? name);
    const { method = 0, flags = 0, extra = [], localExtra = [] } = member;
    const size = member.size ?? data.length;
    const compressedSize = member.compressedSize ?? data.length;
    const crc = member.crc ?? crc32(data);
    const offset = member.offset ?? body.length;
    const [c, s] = member.descriptor ? [0, 0] : [member.localCrc ?? crc, member.localSize ?? size];
    body.push(...le(4, 0x04034b50), ...le(2, 20, flags, member.localMethod ?? method, 0, 33));
    body.push(...le(4, c, member.descriptor ? 0 : compressedSize, s), ...le(2, localName.length, localExtra.length));
    body.push(...localName, ...localExtra, ...data);
    if (member.descriptor) body.push(...le(4, 0x08074b50, crc, compressedSize, size));
    directory.push(...le(4, 0x02014b50), ...le(2, 20, 20, flags, method, 0, 33), ...le(4, crc, compressedSize, size));
    directory.push(...le(2, name.length, extra.length, 0, member.disk ?? 0, 0), ...le(4, 0, offset), ...name, ...extra);
  }
  const count = options.count ?? members.length;
  const size = options.directorySize ?? directory.length;
  const offset = options.directoryOffset ?? body.length;
  const disk = options.disk ?? 0;
  const end: number[] = [];
  if (options.zip64) {
    end.push(
      ...le(4, 0x06064b50),
      ...le(8, 44),
      ...le(2, 45, 45),
      ...le(4, disk, disk),
      ...le(8, count, count, size, offset),
    );
    end.push(...le(4, 0x07064b50, 0), ...le(8, body.length + directory.length), ...le(4, 1));
    end.push(...le(4, 0x06054b50), ...le(2, 0xffff, 0xffff, 0xffff, 0xffff), ...le(4, 0xffffffff, 0xffffffff));
  } else {
    end.push(...le(4, 0x06054b50), ...le(2, disk, disk, count, count), ...le(4, size, offset));
  }
  const comment = options.comment ?? new Uint8Array(0);
  end.push(...le(2, comment.length));
  const parts = [options.prefix ?? [], body, directory, end, comment, options.trailing ?? []];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Numbers of a ZIP64 field. */
export function zip64(...values: number[]): number[] {
  return [...le(2, 1, 8 * values.length), ...le(8, ...values)];
}

/** Packs bytes as deflate does. */
export async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
