/**
 * What the Worker may do, from its environment.
 *
 * @module
 */
import { Refusal } from "./refusal.ts";

/** Bounds of one request. */
export interface Settings {
  /** Hosts that files may be read from, as in a URL: `host`, or `host:port` where the port isn't the usual one. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Bytes that one request may fetch from those hosts. */
  readonly maxSourceBytes: number;
  /** Bytes of array data that one answer may hold, before they become text. */
  readonly maxResultBytes: number;
  /** Objects that one tree may list. */
  readonly maxObjects: number;
  /** Requests that are answered at once. */
  readonly maxConcurrent: number;
  /** Requests that may wait for their turn. */
  readonly maxWaiting: number;
  /** How long a request may take, in milliseconds, waiting for its turn included. */
  readonly deadline: number;
}

/** The Worker's environment: all text, all optional. */
export type Environment = Readonly<Record<string, string | undefined>>;

const MIB = 2 ** 20;

/**
 * Reads the settings. Without `ALLOWED_HOSTS` no host is allowed.
 *
 * @param env `ALLOWED_HOSTS` (separated by commas or spaces), `MAX_SOURCE_BYTES`, `MAX_RESULT_BYTES`, `MAX_OBJECTS`,
 * `MAX_CONCURRENT`, `MAX_WAITING`, `DEADLINE_MS`
 * @returns The settings
 * @throws {RangeError} If a number isn't one, or isn't positive
 */
export function readSettings(env: Environment): Settings {
  return {
    allowedHosts: new Set((env.ALLOWED_HOSTS ?? "").toLowerCase().split(/[\s,]+/).filter((host) => host !== "")),
    maxSourceBytes: positive(env, "MAX_SOURCE_BYTES", 32 * MIB),
    maxResultBytes: positive(env, "MAX_RESULT_BYTES", 4 * MIB),
    maxObjects: positive(env, "MAX_OBJECTS", 2000),
    maxConcurrent: positive(env, "MAX_CONCURRENT", 8),
    maxWaiting: positive(env, "MAX_WAITING", 16),
    deadline: positive(env, "DEADLINE_MS", 15_000),
  };
}

/** Refuses an answer that is too large. */
export function tooLarge(what: string, settings: Settings): Refusal {
  return new Refusal(
    413,
    "result",
    `Cannot answer with ${what}: the limit is ${settings.maxResultBytes} bytes of data: select less`,
  );
}

function positive(env: Environment, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw new RangeError(`Cannot use ${name}=${text}: expected a positive whole number`);
  }
  return value;
}
