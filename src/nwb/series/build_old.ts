/**
 * What NWB 1.0 had instead of tables: epochs and units as groups of groups.
 *
 * @module
 */

import { elements } from "../../array/ndarray.ts";
import { Group } from "../../hdf5/group.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { Ts } from "../../series/ts.ts";
import { TsGroup } from "../../series/ts_group.ts";
import { type BuildContext, warnsOf } from "./build_series.ts";
import type { TypedObject } from "../catalog.ts";
import { fault, type NwbReadOptions, readNumbers } from "./read_members.ts";

/** The epochs of an NWB 1.0 file, with their names. */
export async function buildOldEpochs(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<IntervalSet> {
  const names = groupsOf(object);
  const edges = await Promise.all(names.map(async (name): Promise<[number, number]> => {
    const [start, end] = await Promise.all(["start_time", "stop_time"].map(async (edge) => {
      const dataset = await object.group.dataset(`${name}/${edge}`, options);
      return Number([...elements(await dataset.read(null, options))][0]);
    }));
    return [start!, end!];
  }));
  return new IntervalSet(edges.map(([start]) => start), edges.map(([, end]) => end), {
    metadata: { name: names },
    ...warnsOf(object, context),
  });
}

/** The units of an NWB 1.0 file, by the numbers in their names. */
export async function buildOldUnits(
  object: TypedObject,
  context: BuildContext,
  options: NwbReadOptions,
): Promise<TsGroup> {
  const names = groupsOf(object);
  const numbers = names.map((name) => /\d+$/.exec(name)?.[0]);
  const isNumbered = numbers.every((number) => number !== undefined) &&
    new Set(numbers.map(Number)).size === names.length;
  const units = await Promise.all(names.map(async (name, i): Promise<[number, Ts]> => {
    const times = await readNumbers(await object.group.dataset(`${name}/times`, options), options);
    return [isNumbered ? Number(numbers[i]) : i, new Ts(times, warnsOf(object, context))];
  }));
  if (units.length === 0) throw fault(object, "it has no units");
  const isEmpty = units.every(([, unit]) => unit.length === 0);
  return new TsGroup(new Map(units), {
    metadata: { name: names },
    ...(isEmpty ? { timeSupport: new IntervalSet([], []) } : {}),
  });
}

function groupsOf(object: TypedObject): string[] {
  return [...object.members.values()].filter((member) => member.object instanceof Group).map(({ name }) => name);
}
