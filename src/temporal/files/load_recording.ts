/**
 * Loading recordings: from what is opened for it, and from files and groups that are open.
 *
 * @module
 */

import { H5File, openUnchecked } from "../../hdf5/file.ts";
import { Group } from "../../hdf5/group.ts";
import { engineOf } from "../../hdf5/objects.ts";
import { bounded } from "../../source/fetch/deadline.ts";
import { located } from "../../source/located.ts";
import { nameOfInput, type SourceInput } from "../../source/open_source.ts";
import { MEMBERS, type Recording } from "../columns/members.ts";
import type { LoadOptions } from "../data_options.ts";
import { type Outline, readOutline } from "./outline.ts";

/**
 * Loads a recording, within the time that one call has. Lazily it has the file, and closes it where it was opened here.
 *
 * @param source What is opened, or an open file or group
 * @param options Whether lazily; how the file is opened
 * @param make Makes the recording of what the file says
 */
export async function loadRecording<T extends Recording>(
  source: SourceInput | Group,
  options: LoadOptions,
  make: (outline: Outline) => T,
): Promise<T> {
  if (source instanceof Group) {
    const call = { action: "load a recording", object: source.path };
    return await engineOf(source).bounded(call, options, (options) => load(source, options, make));
  }
  const call = { deadline: options.deadline, what: "load", file: nameOfInput(source) };
  return await bounded(call, options, (options) => load(source, options, make));
}

async function load<T extends Recording>(
  source: SourceInput | Group,
  options: LoadOptions,
  make: (outline: Outline) => T,
): Promise<T> {
  const { lazy = true, ...opening } = options;
  const { signal } = opening;
  const opened = source instanceof Group ? null : await openUnchecked(source, opening);
  try {
    const group = opened ?? source as Group;
    const place = { file: engineOf(group).name, object: group.path };
    const recording = await located(place, async () => make(await readOutline(group, { signal })));
    if (lazy) {
      const file = group instanceof H5File ? group : null;
      Object.assign(recording[MEMBERS], { file, ownsFile: opened !== null });
      return recording;
    }
    await recording.materialize({ signal });
    await opened?.close();
    return recording;
  } catch (error) {
    await opened?.close();
    throw error;
  }
}
