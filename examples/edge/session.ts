/**
 * `GET /session`: what a session of torch_brain holds. `GET /session/slice`: an array of it, in a window of time.
 *
 * @module
 */
import { ArrayDict, RegularTimeSeries } from "../../src/temporal/mod.ts";
import type { Opened } from "../../src/formats/mod.ts";
import { Data, type LazyArray, type NDArray, ndarray } from "../../mod.ts";
import { sessionJson } from "../../src/show/mod.ts";
import { hdf5Of } from "./hdf5.ts";
import { needed, number } from "./query.ts";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import { arrayResponse, checkSize, formatOf } from "./slice.ts";

/**
 * Answers with what a session holds.
 *
 * @param file The file
 * @param _query Nothing more
 * @param settings How many members and arrays at most
 * @param signal Aborts when the client goes away
 * @returns `{session: {type, domain, absoluteStart, members}, truncated}`
 */
export async function answerSession(
  file: Opened,
  _query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  return Response.json(sessionJson(await Data.load(hdf5Of(file), { signal }), settings.maxObjects));
}

/**
 * Answers with an array of a session.
 *
 * @param file The file
 * @param query `path`, such as `spikes.timestamps`; perhaps `start` and `end` in seconds, `origin=keep`, `format`
 * @param settings Bounds
 * @param signal Aborts when the client goes away
 * @returns The array in the format asked for; as JSON `{path, shape, dtype, data}`
 */
export async function answerWindow(
  file: Opened,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const path = needed(query, "path");
  const format = formatOf(query);
  const session = windowOf(await Data.load(hdf5Of(file), { signal }), query);
  const array = await arrayAt(session, path, settings, signal);
  return arrayResponse(array, { path, name: path, format }, settings);
}

function windowOf(session: Data, query: URLSearchParams): Data {
  const [start, end] = [number(query, "start"), number(query, "end")];
  if (start === undefined && end === undefined) return session;
  if (session.start === null) {
    throw new Refusal(
      400,
      "bad-request",
      "Cannot take a window of a session without a domain: leave out start and end",
    );
  }
  const [from, to] = [start ?? session.start, end ?? Infinity];
  if (to < from) throw new Refusal(400, "bad-request", `Cannot slice from ${from} to ${to}: it ends before it starts`);
  return session.slice(from, to, { resetOrigin: query.get("origin") !== "keep" });
}

async function arrayAt(session: Data, path: string, settings: Settings, signal: AbortSignal): Promise<NDArray> {
  const keys = path.split(".");
  const name = keys.pop()!;
  let owner: unknown = session;
  for (const key of keys) owner = owner instanceof Data ? new Map(owner.entries()).get(key) : undefined;
  if (owner instanceof ArrayDict) return await column(owner, name, settings, signal);
  if (!(owner instanceof Data && owner.has(name))) {
    throw new Refusal(404, "not-found", `Cannot find ${path}: the session has no such array`);
  }
  const array = new Map(owner.entries()).get(name);
  if (!isLazyArray(array)) throw new Refusal(400, "wrong-kind", `Cannot answer with ${path}: it is no array`);
  checkSize(array, settings);
  return await array.read(null, { signal });
}

/** An array of a series, a table or a set of intervals. */
async function column(
  owner: ArrayDict<LazyArray>,
  name: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<NDArray> {
  // Timestamps tell how many rows a window has; the file's index of seconds says which of them to read.
  const count = await owner.count({ signal });
  if (owner instanceof RegularTimeSeries && name === "timestamps" && !owner.has(name)) {
    checkSize({ shape: [count], dtype: { kind: "float", itemsize: 8, byteOrder: "<" } }, settings);
    return ndarray(owner.timestamps);
  }
  const { shape, dtype } = owner.describe(name);
  checkSize({ shape: [count, ...shape.slice(1) as number[]], dtype: dtype! }, settings);
  return await owner.array(name, { signal });
}

function isLazyArray(value: unknown): value is LazyArray {
  return typeof value === "object" && value !== null && "shape" in value && "read" in value;
}
