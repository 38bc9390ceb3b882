/** Recordings for the tests of YASS' processor. */
import { join } from "node:path";

/** 0 to 29 as int16: 10 observations of 3 channels in the order of samples. */
export const SMALL = Int16Array.from({ length: 30 }, (_, i) => i);

/** How that lies. */
export const LAYOUT = { dtype: "int16", nChannels: 3, dataOrder: "samples" } as const;

/** Counted as the facts' cases have it. */
export const YASS = { ...LAYOUT, maxMemory: 24, compatible: "yass" } as const;

/** The same recording in the order of channels. */
export const TURNED = Int16Array.from({ length: 30 }, (_, i) => 3 * (i % 10) + Math.floor(i / 10));

/** A folder that is gone at the end. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "microtome-yass-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes values as they are in memory. */
export async function writeValues(folder: string, name: string, values: ArrayBufferView): Promise<string> {
  const path = join(folder, name);
  const { buffer, byteOffset, byteLength } = values;
  await Deno.writeFile(path, new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  return path;
}

/** A file's bytes as values. */
export async function readValues<T>(path: string, TypedArray: { new (buffer: ArrayBuffer): T }): Promise<T> {
  return new TypedArray((await Deno.readFile(path)).buffer as ArrayBuffer);
}

/** All that an iterator gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
