/**
 * Everything that a file holds, as one value.
 *
 * @module
 */
import { type Dataset, type Group, type H5File, type H5Object, NamedType, Reference, slice } from "../../../mod.ts";

/** Datasets with more bytes than this are read in part: the suite runs five times. */
const WHOLE = 1 << 20;

/** Objects that one walk visits; also what ends a walk of a file whose links go in circles. */
const OBJECTS = 600;

/**
 * Reads everything in a file: links, attributes, what datasets say of themselves, and their values. What fails stands
 * in the result as its error.
 *
 * @param file The file.
 * @returns One entry per object, in the order of the walk.
 */
export async function walk(file: H5File): Promise<unknown[]> {
  const found: unknown[] = [{ info: file.info, byteLength: file.byteLength }];
  const seen = new Set<string>();
  const queue: Group[] = [file];
  while (queue.length > 0 && found.length < OBJECTS) {
    const group = queue.shift()!;
    found.push({ path: group.path, links: await group.links(), attributes: await attributesOf(file, group) });
    for (const { name, object, error } of await group.members()) {
      if (object === undefined) {
        found.push({ in: group.path, name, error });
        continue;
      }
      const key = `${object.fileIndex}:${object.address}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (object.kind === "group") queue.push(object as Group);
      else if (object instanceof NamedType) found.push({ path: object.path, type: object.dtype });
      else found.push({ ...describe(object as Dataset), ...(await valuesOf(file, object as Dataset)) });
    }
  }
  return found;
}

/**
 * What a dataset says of itself.
 *
 * @param dataset The dataset.
 * @returns Its properties as a plain object.
 */
export function describe(dataset: Dataset): Record<string, unknown> {
  const { path, shape, dtype, chunkShape, maxShape, isNull, layout, filters, storageSize, direct, fillValue } = dataset;
  return { path, shape, dtype, chunkShape, maxShape, isNull, layout, filters, storageSize, direct, fillValue };
}

async function valuesOf(file: H5File, dataset: Dataset): Promise<Record<string, unknown>> {
  const attributes = await attributesOf(file, dataset);
  try {
    const array = await dataset.read(dataset.byteLength > WHOLE ? [slice(0, null, 997)] : null);
    return { attributes, array, targets: await targetsOf(file, array.data) };
  } catch (error) {
    return { attributes, error };
  }
}

async function attributesOf(file: H5File, object: H5Object): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const attribute of await object.attributes.list()) {
    const { name, shape, dtype } = attribute;
    try {
      const value = await attribute.value();
      values.push({ name, shape, dtype, value, targets: await targetsOf(file, value) });
    } catch (error) {
      values.push({ name, shape, dtype, error });
    }
  }
  return values;
}

/** Where the references among some values lead. */
async function targetsOf(file: H5File, value: unknown): Promise<unknown[]> {
  const references = Array.isArray(value) ? value.slice(0, 20) : [value];
  const targets: unknown[] = [];
  for (const reference of references) {
    if (!(reference instanceof Reference)) continue;
    try {
      const target = await file.referenceTarget(reference);
      targets.push({ target, opened: reference.isNull ? null : (await file.dereference(reference)).path });
    } catch (error) {
      targets.push(error);
    }
  }
  return targets;
}
