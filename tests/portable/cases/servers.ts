/**
 * Servers that misbehave: never wrong values, always a clear error or the right ones.
 *
 * @module
 */
import { MicrotomeError, open, type OpenOptions, slice } from "../../../mod.ts";
import { detectRuntime } from "../../../src/source/limits.ts";
import type { Case, Context } from "../types.ts";
import { check, errorOf, kindOfError, LIMITS, urlOf } from "./tools.ts";

type FetchLike = NonNullable<OpenOptions["fetch"]>;

const RUNTIME = detectRuntime();
/** Whether the runtime follows redirects out of sight, and hides why a server can't be reached. */
const hidden = RUNTIME === "browser";

const SIGNAL = "data/signal.h5";

/** Small pieces, so that there are several requests to go wrong; one at a time, so that the same one does; no long waits. */
const OPTIONS: OpenOptions = {
  ...LIMITS,
  headBytes: 4096,
  attempts: 3,
  backoff: 1,
  timeout: 20_000,
  ifMatch: true,
  maxParallel: 1,
};

/** How the server misbehaves, as the query of the address has it. */
const BEHAVIOURS: readonly string[] = [
  "ignore-range",
  "lie-length",
  "wrong-range",
  "wrong-range&after=1",
  "no-content-range",
  "no-content-range&after=1",
  "no-total",
  "no-total,no-suffix",
  "say-200",
  "cap&limit=3000",
  "cap,no-total&limit=3000",
  "multipart",
  "wrong-total",
  "wrong-total&after=1",
  "short",
  "short&times=1",
  "short&after=1&times=1",
  "long",
  "status&status=403",
  "status&status=404&after=2",
  "status&status=500&times=1",
  "status&status=503",
  "status&status=503&after=1&times=2",
  "status&status=429&retryAfter=0&times=2",
  "reset&after=1&times=1",
  "change&after=2",
  "change-quietly&after=2",
  "weak-etag",
  "no-etag",
  "no-validators",
];

function misbehaving(context: Context, behaviour: string): string {
  return `${urlOf(context, SIGNAL)}?behave=${behaviour}&run=${context.run}`;
}

async function readSome(url: string, options: OpenOptions = {}): Promise<unknown> {
  await using file = await open(url, { ...OPTIONS, ...options });
  const signal = await file.dataset("/signal");
  return [await signal.read([slice(150, 450)]), await signal.read([slice(null, null, 1000)])];
}

/** What came of it: the values or the error. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

/** Cases of servers that misbehave, and of giving up. */
export const serverCases: readonly Case[] = [
  ...BEHAVIOURS.map((behaviour): Case => ({
    name: `a server that answers with ${behaviour}`,
    run: (context) => outcome(readSome(misbehaving(context, behaviour))),
  })),
  {
    name: "a file that changes, where the server isn't told which version is wanted",
    run: (context) => errorOf(readSome(misbehaving(context, "change&after=2&case=2"), { ifMatch: false })),
  },
  {
    name: "a server that cuts every connection",
    run: (context) => kindOfError(readSome(misbehaving(context, "reset"))),
  },
  {
    name: "a server that never answers",
    run: (context) => kindOfError(readSome(misbehaving(context, "hang"), { attempts: 1, timeout: 300 })),
  },
  {
    name: "a server that stops in the middle",
    run: (context) => kindOfError(readSome(misbehaving(context, "stall"), { attempts: 1, timeout: 300 })),
  },
  {
    name: "a server that compresses what it was asked for as it is",
    // A browser undoes the compression and hides that there was one, or can't: then the values must be right, or none.
    run: async (context) => {
      const right = await readSome(urlOf(context, SIGNAL));
      const found = await outcome(readSome(misbehaving(context, "gzip")));
      const refused = found instanceof Error && /^(protocol|network)$/.test((found as { code?: string }).code ?? "");
      check(refused || JSON.stringify(found) === JSON.stringify(right), `Wrong values: ${found}`);
      return "right or refused";
    },
  },
  {
    name: "a redirect",
    run: (context) => readSome(misbehaving(context, `redirect&to=${encodeURIComponent(urlOf(context, SIGNAL))}`)),
  },
  {
    name: "a redirect in a circle",
    // Browsers follow out of sight, and only say that it failed.
    run: async (context) => {
      const error = await failureOf(readSome(misbehaving(context, "redirect")));
      check(hidden ? error.code === "network" : error.code === "protocol", `A redirect in a circle: ${error}`);
      return "told";
    },
  },
  {
    name: "a redirect to another origin, with headers of the user's own",
    run: async (context) => {
      if (hidden) return "kept";
      const to = urlOf(context, SIGNAL).replace("127.0.0.1", "localhost") + `?mark=${context.run}`;
      const url = misbehaving(context, `redirect&to=${encodeURIComponent(to)}`);
      await readSome(url, { headers: { "x-own": "secret" } });
      const log = await (await fetch(`${context.base}__log`)).json() as { search: string; headers: object }[];
      const there = log.filter(({ search }) => search.includes(`mark=${context.run}`));
      check(there.length > 1, "The redirect wasn't followed");
      check(there.every(({ headers }) => !("x-own" in headers)), "The header went to another origin");
      return "kept";
    },
  },
  {
    name: "a port where nobody listens",
    // The words are the runtime's, and so is whether there are any.
    run: async (context) => {
      // Nobody listens there: it is reserved for giving up what it gets, and not among those that fetch refuses.
      const error = await failureOf(readSome(context.base.replace(/:\d+/, ":3") + SIGNAL));
      check(error.code === "network", `Nobody listens: ${error}`);
      const told = hidden ? /the browser doesn't say why/ : RUNTIME === "workerd" ? /./ : /the connection was refused/;
      check(told.test(error.message), `The reason is missing: ${error.message}`);
      return "told";
    },
  },
  {
    name: "a server without ranges, and a file too large to be taken whole",
    run: (context) => errorOf(readSome(misbehaving(context, "ignore-range"), { wholeFileBytes: 1000 })),
  },
  {
    name: "headers and a fetch of the user's own",
    run: async (context) => {
      const sent: unknown[] = [];
      const values = await readSome(urlOf(context, SIGNAL), {
        headers: { "x-own": "yes" },
        fetch: (url, init) => {
          sent.push([url.slice(context.base.length), init.headers.get("range"), init.headers.get("x-own")]);
          return fetch(url, { headers: { range: init.headers.get("range")! }, signal: init.signal });
        },
      });
      return { sent: sent.length > 0 && sent.every((one) => (one as unknown[])[2] === "yes"), first: sent[0], values };
    },
  },
  {
    name: "giving up before opening, while opening, and while reading",
    run: async (context) => {
      const before = AbortSignal.abort(new Error("before"));
      const opening = new AbortController();
      setTimeout(() => opening.abort(new Error("while opening")), 50);
      const hanging = errorOf(open(misbehaving(context, "hang"), { ...OPTIONS, signal: opening.signal }));
      const reading = new AbortController();
      const server = silencable();
      await using file = await open(urlOf(context, SIGNAL), { ...OPTIONS, fetch: server.fetch });
      const signal = await file.dataset("/signal");
      server.silence();
      setTimeout(() => reading.abort(new Error("while reading")), 50);
      return [
        await errorOf(open(urlOf(context, SIGNAL), { signal: before })),
        await hanging,
        await errorOf(signal.read(null, { signal: before })),
        await errorOf(signal.read(null, { signal: reading.signal })),
      ];
    },
  },
  {
    name: "closing a file while it is read",
    run: async (context) => {
      const server = silencable();
      const file = await open(urlOf(context, SIGNAL), { ...OPTIONS, fetch: server.fetch });
      const signal = await file.dataset("/signal");
      server.silence();
      const reading = errorOf(signal.read());
      await new Promise((resolve) => setTimeout(resolve, 50));
      await file.close();
      return await reading;
    },
  },
];

/** A fetch that never comes back once it has been silenced. */
function silencable(): { fetch: FetchLike; silence(): void } {
  let silent = false;
  return {
    fetch: (url, init) => silent ? new Promise(() => {}) : fetch(url, init),
    silence: () => void (silent = true),
  };
}

/** The error of ours that a promise is rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<MicrotomeError> {
  const error = await errorOf(promise);
  check(error instanceof MicrotomeError, `Not an error of ours: ${error}`);
  return error;
}
