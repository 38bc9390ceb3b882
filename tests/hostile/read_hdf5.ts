/**
 * Reading HDF5 files whole, as the product does.
 *
 * @module
 */
import { type Dataset, type Group, type H5File, open, type OpenOptions, Reference } from "../../mod.ts";
import { digest, note } from "./digest.ts";
import { type Files, newReading, type Reading } from "./kind.ts";

/** A hostile file may be a circle. */
const OBJECTS = 300;
/** What is read of a file of some kilobytes: as much as a Worker would. */
const LIMITS: OpenOptions = { maxReadBytes: 32 * 2 ** 20, maxChunkBytes: 32 * 2 ** 20 };

/** Reads the one file of an input. */
export async function readHdf5(files: Files): Promise<Reading> {
  const [bytes] = files.values();
  return await readHdf5From(bytes!);
}

/** Reads a file by bytes or path. */
export async function readHdf5From(input: Uint8Array | string): Promise<Reading> {
  const reading = newReading();
  let file: H5File;
  try {
    file = await open(input, LIMITS);
  } catch (error) {
    reading.errors.push(error);
    return reading;
  }
  try {
    await walk(file, reading);
  } finally {
    await file.close();
  }
  return reading;
}

async function walk(file: H5File, reading: Reading): Promise<void> {
  const seen = new Set<number>();
  const paths = ["/"];
  for (let i = 0; i < paths.length && i < OBJECTS; i++) {
    const path = paths[i]!;
    const object = await open1(file, path, reading);
    if (object === undefined || seen.has(object.address)) continue;
    seen.add(object.address);
    const names = await note(reading, `${path}@`, () => object.attributes.keys());
    await note(reading, `${path}@*`, () => object.attributes.all());
    for (const name of names ?? []) await note(reading, `${path}@${name}`, () => object.attributes.read(name));
    if (object.kind === "group") {
      const links = await note(reading, `${path} links`, () => object.links());
      await readMembers(object, path, reading);
      for (const { name } of (links ?? []).filter(({ type }) => type !== "external")) {
        paths.push(`${path === "/" ? "" : path}/${name}`);
      }
    } else if (object.kind === "dataset") await readDataset(file, object, path, reading);
  }
}

/** Members by the way that opens them all at once, and says of each why it can't be. */
async function readMembers(group: Group, path: string, reading: Reading): Promise<void> {
  try {
    for (const { name, object, error } of await group.members()) {
      const isElsewhere = error !== undefined && "code" in error && error.code === "external-file";
      if (error !== undefined && !isElsewhere) reading.errors.push(error);
      reading.items.set(`${path} member ${name}`, object?.kind ?? "error");
    }
  } catch (error) {
    reading.errors.push(error);
  }
}

async function open1(file: H5File, path: string, reading: Reading) {
  try {
    return await file.get(path);
  } catch (error) {
    reading.errors.push(error);
    reading.items.set(path, "error");
    return undefined;
  }
}

async function readDataset(file: H5File, dataset: Dataset, path: string, reading: Reading): Promise<void> {
  const { shape, dtype, maxShape, chunkShape } = dataset;
  reading.items.set(`${path} form`, digest({ shape, dtype, maxShape, chunkShape }));
  await note(reading, `${path} fill`, () => Promise.resolve(dataset.fillValue));
  const array = await note(reading, path, () => dataset.read());
  if (dataset.direct) await note(reading, `${path} by H5Dread`, () => dataset.read(null, { engine: "library" }));
  if (shape.length > 0 && shape[0]! > 2) await note(reading, `${path} part`, () => dataset.read([[0, shape[0]! - 1]]));
  if (array === undefined || !Array.isArray(array.data)) return;
  for (const value of array.data.slice(0, 20)) {
    if (value instanceof Reference) {
      await note(reading, `${path} target`, async () => (await file.dereference(value)).path);
    }
  }
}
