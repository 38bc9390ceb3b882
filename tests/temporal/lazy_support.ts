/** What the tests of lazy objects share: objects told in full, the three ways of having a session, big sessions. */
import type { DType, LazyArray } from "../../src/array/types.ts";
import { flatten } from "../../src/array/ndarray.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { startRangeServer } from "../support/range_server.ts";

/** An object told in full, as plain values that `deepEqual` compares bit for bit. */
export type Told = Readonly<Record<string, unknown>>;

/** Tells an object in full, reading what isn't in memory. */
export async function tell(object: unknown): Promise<Told> {
  if (object instanceof Data) return await tellData(object);
  if (!(object instanceof ArrayDict)) throw new TypeError("Only objects of src/temporal can be told");
  const arrays: Record<string, unknown> = {};
  for (const key of object.keys()) arrays[key] = tellArray(await object.array(key));
  const told: Record<string, unknown> = { type: object.objectType, length: await object.count(), arrays };
  if (object instanceof Interval || object instanceof IrregularTimeSeries) told.timekeys = object.timekeys();
  if (object instanceof RegularTimeSeries) {
    Object.assign(told, { rate: object.samplingRate, times: object.timestamps, real: object.indexMask() });
  }
  if (object instanceof IrregularTimeSeries || object instanceof RegularTimeSeries) {
    const { start, end } = await (object.domain as Interval<LazyArray>).intervals();
    told.domain = [start, end];
  }
  await object.materialize();
  return { ...told, isLazy: object.isLazy, class: object.constructor.name };
}

function tellArray(array: { readonly data: unknown; readonly shape: readonly number[]; readonly dtype: DType }) {
  const { data, shape, dtype } = flatten(array as Parameters<typeof flatten>[0]);
  return { data, shape, dtype: { ...dtype, byteOrder: "" } };
}

async function tellData(data: Data): Promise<Told> {
  const members: Record<string, unknown> = {};
  for (const [key, value] of data.entries()) {
    const isObject = value instanceof Data || value instanceof ArrayDict;
    members[key] = isObject ? await tell(value) : await data.get(key);
  }
  const domain = await (data.domain as Interval<LazyArray> | null)?.intervals();
  return { members, domain: domain === undefined ? null : [domain.start, domain.end], absolute: data.absoluteStart };
}

/** The ways of having a session. */
export const WAYS = ["eager", "lazy", "remote"] as const;

/** One of them. */
export type Way = typeof WAYS[number];

/** Saves a session, and hands over what a way gives of it. */
export async function withSession(
  session: Data,
  way: Way,
  use: (session: Data) => Promise<void>,
): Promise<void> {
  if (way === "eager") return await use(session);
  if (way === "lazy") {
    const path = await Deno.makeTempFile({ suffix: ".h5" });
    try {
      await session.save(path);
      await using data = await Data.load(path);
      await use(data);
    } finally {
      await Deno.remove(path);
    }
    return;
  }
  const server = await startRangeServer({ "/session.h5": await session.toBytes() });
  try {
    await using data = await Data.load(`${server.url}/session.h5`);
    await use(data);
  } finally {
    await server.close();
  }
}

/** Whether a value is an object of a class, and has arrays that aren't in memory. */
export function isLazily(value: unknown, type: abstract new (...args: never[]) => ArrayDict<LazyArray>): boolean {
  return value instanceof type && value.isLazy;
}
