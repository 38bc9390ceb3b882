/**
 * Slices of files over HTTP, of HDF5, NPY and NPZ alike (and of Zarr, where zarrita is bundled along): `GET /slice?url=…&path=…&select=…&format=json|npy|csv` and `GET /ls?url=…`; of NWB files
 * `GET /nwb?url=…` and `GET /nwb/slice?url=…&key=…&from=…&to=…&format=json|csv|svg`; of torch_brain's sessions
 * `GET /session?url=…` and `GET /session/slice?url=…&path=…&start=…&end=…&format=json|npy|csv`.
 *
 * Of recordings of makers' formats `GET /recording?url=…` and `GET /recording/slice?url=…&stream=…&channels=…&from=…&to=…&format=json|csv|npy|svg`.
 *
 * @module
 */
import { type Cost, openAny } from "../../mod.ts";
import { FORMATS, type Opened } from "../../src/formats/mod.ts";
import { whenSent } from "./body.ts";
import { withDeadline } from "./deadline.ts";
import { Gate } from "./gate.ts";
import { checkAddress, makeGuard } from "./guard.ts";
import { answerEntry, answerKeys } from "./nwb.ts";
import { answerRecording, answerRecordingSlice } from "./recording.ts";
import { answerError, Refusal } from "./refusal.ts";
import { answerSession, answerWindow } from "./session.ts";
import { readSettings, type Settings } from "./settings.ts";
import type { Environment } from "./settings.ts";
import { answerSlice } from "./slice.ts";
import { answerTree } from "./tree.ts";

/** What is held beside the result, for each of the requests that are answered at once. */
const LIMITS = { cacheBytes: 4 * 2 ** 20, maxRequestBytes: 2 ** 19, maxBytesInFlight: 2 ** 20 } as const;

/** How long a request waits for its turn, in milliseconds, before its client is told to come back. */
const PATIENCE = 2000;

/** What is opened: files of arrays. What lies within HDF5 has routes of its own. */
const FILES = FORMATS.filter((format) => !("within" in format));

type Answer = (file: Opened, query: URLSearchParams, settings: Settings, signal: AbortSignal) => Promise<Response>;

/** What is answered where. */
const ROUTES: Readonly<Record<string, Answer>> = {
  "/slice": answerSlice,
  "/ls": answerTree,
  "/nwb": answerKeys,
  "/nwb/slice": answerEntry,
  "/recording": answerRecording,
  "/recording/slice": answerRecordingSlice,
  "/session": answerSession,
  "/session/slice": answerWindow,
};

/**
 * Answers one request.
 *
 * @param request The request
 * @param env The Worker's environment
 * @returns The answer; what it cost stands in `X-Microtome-Cost`
 */
export async function handle(request: Request, env: Environment): Promise<Response> {
  let response: Response;
  try {
    response = await route(request, readSettings(env));
  } catch (error) {
    response = answerError(error);
  }
  // Any page may use what this Worker gives: it gives nothing that its allow-list doesn't.
  response.headers.set("access-control-allow-origin", "*");
  response.headers.set("access-control-expose-headers", "x-microtome-cost, retry-after");
  return response;
}

async function route(request: Request, settings: Settings): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const answer = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined;
  if (answer === undefined) {
    throw new Refusal(404, "no-route", `Nothing at ${pathname}: ask ${Object.keys(ROUTES).join(", ")}`);
  }
  if (request.method !== "GET") {
    const refused = answerError(new Refusal(405, "method", `Cannot ${request.method} ${pathname}: only GET is served`));
    refused.headers.set("allow", "GET");
    return refused;
  }
  const url = checkAddress(searchParams.get("url"), settings);
  return await withDeadline(settings.deadline, request.signal, async (signal) => {
    const leave = await gateOf(settings).enter(signal);
    try {
      const response = await read(url, answer, searchParams, settings, signal);
      // Nobody waits for it any more.
      signal.throwIfAborted();
      // Until it has been sent it is in memory.
      return whenSent(response, leave);
    } catch (error) {
      leave();
      throw error;
    }
  });
}

/** Opens the file, answers of it, and closes it. */
async function read(
  url: URL,
  answer: Answer,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const { fetch } = makeGuard(settings);
  let file: Opened | undefined;
  try {
    file = await openAny(url, { fetch, signal, formats: FILES, ...LIMITS });
    return withCost(await answer(file, query, settings, signal), file);
  } catch (error) {
    const failed = answerError(error);
    return file === undefined ? failed : withCost(failed, file);
  } finally {
    await file?.close();
  }
}

/** The one gate of this Worker: its memory is shared by all requests that it answers. */
let gate: Gate | undefined;

function gateOf({ maxConcurrent, maxWaiting, deadline }: Settings): Gate {
  return gate ??= new Gate({ places: maxConcurrent, waiting: maxWaiting, patience: PATIENCE, lease: 2 * deadline });
}

function withCost(response: Response, file: Opened): Response {
  const { requests, bytes, roundTrips }: Cost = file.cost;
  const cost = `requests=${requests}; bytes=${bytes}; round-trips=${roundTrips}; file-bytes=${file.byteLength ?? 0}`;
  response.headers.set("x-microtome-cost", cost);
  return response;
}
