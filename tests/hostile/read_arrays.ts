/**
 * Reading archives and hierarchies of arrays whole.
 *
 * @module
 */
import { openNpz } from "../../mod.ts";
import { openZarr, type ZarrArray, ZarrGroup } from "../../src/zarr/mod.ts";
import { digest, note } from "./digest.ts";
import { type Files, newReading, type Reading } from "./kind.ts";

const LIMITS = { maxReadBytes: 32 * 2 ** 20, maxChunkBytes: 32 * 2 ** 20 };

/** Reads the one archive of an input. */
export async function readNpz(files: Files): Promise<Reading> {
  const reading = newReading();
  const [bytes] = files.values();
  try {
    await using npz = await openNpz(bytes!, LIMITS);
    for (const key of npz.keys().slice(0, 100)) {
      const array = await open(reading, () => npz.get(key));
      if (array === undefined) continue;
      const value = await note(reading, key, () => array.read());
      // Parts of stored members are read without the rest, and so without a checksum.
      if (value !== undefined && array.shape[0]! > 2) {
        await note(newReading(), key, () => array.read([[0, array.shape[0]! - 1]]));
      }
    }
  } catch (error) {
    reading.errors.push(error);
  }
  return reading;
}

async function open<T>(reading: Reading, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    reading.errors.push(error);
    return undefined;
  }
}

/** Reads a hierarchy. */
export async function readZarr(files: Files): Promise<Reading> {
  const reading = newReading();
  const root = await open(reading, () => openZarr(files, LIMITS));
  if (root !== undefined) await readNode(root, reading, 0);
  return reading;
}

async function readNode(node: ZarrArray | ZarrGroup, reading: Reading, depth: number): Promise<void> {
  reading.items.set(`${node.path} attributes`, digest(node.attributes));
  if (!(node instanceof ZarrGroup)) {
    const { shape, dtype, chunkShape } = node;
    reading.items.set(`${node.path} form`, digest({ shape, dtype, chunkShape }));
    await note(reading, node.path, () => node.read());
    if (shape.length > 0 && shape[0]! > 2) {
      await note(reading, `${node.path} part`, () => node.read([[0, shape[0]! - 1]]));
    }
    return;
  }
  const members = await open(reading, () => node.members());
  reading.items.set(`${node.path} members`, digest(members?.map(({ name }) => name)));
  for (const { node: member, error } of members ?? []) {
    if (error !== undefined) reading.errors.push(error);
    if (member !== undefined && depth < 8) await readNode(member, reading, depth + 1);
  }
}
