/**
 * What constructors and methods of the series share: whom to follow, and how to warn.
 *
 * @module
 */
import type { OptionNames } from "../source/options.ts";

/**
 * Whom to follow where microtome's way differs from the original's: by default microtome's own, which keeps what the
 * caller gave; `"pynapple"` gives pynapple's result, number for number.
 */
export type Compatible = "pynapple";

/** Options that say whom to follow. */
export interface CompatibleOptions {
  /** `"pynapple"` for pynapple's result where microtome's differs. */
  readonly compatible?: Compatible | undefined;
}

/** Names of `CompatibleOptions`. */
export const COMPATIBLE_OPTIONS: OptionNames<CompatibleOptions> = { compatible: true };

/** Options of everything that may have to change what it was given. */
export interface WarningOptions {
  /** Called with each warning, as it is found. Warnings are kept on the object as well; nothing is ever logged. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Collects warnings and passes them on. */
export class Warnings {
  /** What was warned of. */
  readonly messages: string[] = [];
  readonly #onWarning: ((message: string) => void) | undefined;

  /** Makes an empty list. */
  constructor(options: WarningOptions = {}) {
    this.#onWarning = options.onWarning;
  }

  /** Adds a warning. */
  add(message: string): void {
    this.messages.push(message);
    this.#onWarning?.(message);
  }
}

/** Whether pynapple's way is asked for. @throws {TypeError} If someone unknown is asked for. */
export function followsPynapple(options: CompatibleOptions): boolean {
  if (options.compatible === undefined) return false;
  if (options.compatible === "pynapple") return true;
  throw new TypeError(`Cannot be compatible with ${JSON.stringify(options.compatible)}: it can only be "pynapple"`);
}
