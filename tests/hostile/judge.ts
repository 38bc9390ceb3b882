/**
 * What came of a damaged input, as a class.
 *
 * @module
 */
import { MicrotomeError } from "../../mod.ts";
import type { Cover, Reading } from "./kind.ts";

/** What must not come of any input. */
export const FAULTS: readonly string[] = ["hang", "memory", "crash", "trap", "other values"];

/** A class of outcome, and what is worth telling. */
export interface Outcome {
  /** `equal`, `read` (there is nothing to compare with), `warning`, `differs`, `error CODE`, or one of {@linkcode FAULTS}. */
  readonly class: string;
  readonly detail: string;
}

/**
 * Judges what was read of a damaged input.
 *
 * @param sound What is read of the sound input, `null` where there is none
 * @param found What was read
 * @param cover What protects the bytes that were damaged
 */
export function judge(sound: Reading | null, found: Reading, cover: Cover): Outcome {
  const trap = found.errors.find(isTrap);
  if (trap !== undefined) return { class: "trap", detail: describe(trap) };
  const other = sound === null ? undefined : otherValues(sound, found, cover);
  if (other !== undefined) return { class: "other values", detail: other };
  const [first] = found.errors as MicrotomeError[];
  if (first !== undefined) return { class: `error ${first.code}`, detail: first.message };
  if (found.warnings.length > 0) return { class: "warning", detail: found.warnings[0]! };
  if (sound === null) return { class: "read", detail: "" };
  const changed = changes(sound, found)[0];
  return changed === undefined ? { class: "equal", detail: "" } : { class: "differs", detail: changed };
}

/** An error that no caller should see: foreign ones, and those of a module that can't be called any more. */
function isTrap(error: unknown): boolean {
  return !(error instanceof MicrotomeError) || /beyond recovery/.test(error.message);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.stack ?? error.message}` : String(error);
}

function otherValues(sound: Reading, found: Reading, cover: Cover): string | undefined {
  if (cover === "nothing") return undefined;
  if (cover === "values") {
    const known = new Set(sound.items.values());
    return [...found.items].find(([, value]) => !value.startsWith("error") && !known.has(value))?.[0];
  }
  // What is missing may lie below what has failed.
  return changes(sound, found).find((name) =>
    found.items.has(name) ? !found.items.get(name)!.startsWith("error") : found.errors.length === 0
  );
}

/** Names of what isn't as it was. */
function changes(sound: Reading, found: Reading): string[] {
  const names = new Set([...sound.items.keys(), ...found.items.keys()]);
  return [...names].filter((name) => sound.items.get(name) !== found.items.get(name));
}
