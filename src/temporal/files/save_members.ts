/**
 * Recordings written into HDF5, as torch_brain writes them.
 *
 * @module
 */

import type { WritableGroup } from "../../hdf5/write/writable_group.ts";
import { ArrayDict } from "../columns/array_dict.ts";
import { ArraySlot } from "../columns/array_slot.ts";
import { isRecording, MEMBERS, type Recording } from "../columns/members.ts";
import { saveObject, writeArray, writeAttribute, writeDomain } from "./hdf5_write.ts";
import type { SaveOptions } from "./save_options.ts";

/**
 * Saves what a recording holds.
 *
 * @param recording The recording
 * @param group Where it goes, empty
 * @param options Chunks and compression, serializers; abort signal
 */
export async function saveMembers(recording: Recording, group: WritableGroup, options: SaveOptions): Promise<void> {
  const { entries, domain, absoluteStart } = recording[MEMBERS];
  for (const [key, value] of entries) {
    options.signal?.throwIfAborted();
    if (isRecording(value)) await value.toHdf5(await group.createGroup(key), options);
    else if (value instanceof ArrayDict) await saveObject(await group.createGroup(key), value, options);
    else if (value instanceof ArraySlot) await writeArray(group, key, value.source, options);
    else await writeAttribute(group, key, value, options);
  }
  if (domain !== null) await writeDomain(group, domain, options);
  await group.attributes.set("object", "Data");
  await group.attributes.set("absolute_start", absoluteStart);
}
