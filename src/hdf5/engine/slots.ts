/**
 * The files that one instance reads: the one that was opened, and those that it refers to.
 *
 * @module
 */
import { CorruptFileError, LimitError } from "../../source/errors.ts";
import { type OpenedSource, originalOf, type SourceInput } from "../../source/open_source.ts";
import type { Again, EngineOptions, Subject } from "./engine_types.ts";

/** The answers to a name that has no slot, as `microtome.h` has them: not known yet, and known not to exist. */
export const MISSING_FILE = -1;
const ABSENT_FILE = -2;

/** Most files that one may refer to. */
const MOST_FILES = 4096;

/** Sources by slot, and slots by the names that the C side asks for. */
export class FileSlots {
  #sources: OpenedSource[];
  readonly #slots = new Map<string, number>();
  readonly #opening = new Map<string, Promise<void>>();
  /** What the files in the slots behind the first were opened from. */
  readonly #inputs = new Map<number, SourceInput>();
  readonly #options: EngineOptions;

  /**
   * @param source The file that was opened: slot 0, under the first name that is asked for.
   * @param options What may be opened beside it, and how.
   */
  constructor(source: OpenedSource, options: EngineOptions) {
    this.#sources = [source];
    this.#options = options;
  }

  /** What messages call the file that was opened. */
  get name(): string {
    return this.#sources[0]!.source.name ?? "the file";
  }

  /** The source in a slot. */
  source(slot: number): OpenedSource {
    const source = this.#sources[slot];
    if (source === undefined) throw new CorruptFileError(`Cannot read ${this.name}: no file in slot ${slot}`);
    return source;
  }

  /** Slot of the file of that name, or one of the answers above. */
  find(name: string): number {
    if (this.#slots.size === 0) this.#slots.set(name, 0);
    return this.#slots.get(name) ?? MISSING_FILE;
  }

  /** A name under which the C side has asked for the file in a slot. */
  nameOf(slot: number): string | undefined {
    return this.#slots.entries().find(([, found]) => found === slot)?.[0];
  }

  /**
   * Opens a file that the C side asked for and gives it a slot, or marks it absent.
   *
   * @param name The name as the C side has it.
   * @param subject What needs it, for messages.
   * @returns Why it can't be opened; it then is the failure of what needs it, and of nothing else.
   */
  async open(name: string, subject: Subject): Promise<Error | undefined> {
    if (this.#slots.has(name)) return undefined;
    // Two calls may ask for the same file at once.
    const opening = this.#opening.get(name) ?? this.#open(name, subject);
    this.#opening.set(name, opening);
    try {
      await opening;
      return undefined;
    } catch (error) {
      return error as Error;
    } finally {
      this.#opening.delete(name);
    }
  }

  /**
   * Opens all files once more, as they are now. One that is gone stays as it is.
   *
   * @param again Opens the first one.
   * @param signal Aborts.
   */
  async openAgain(
    again: Again,
    signal: AbortSignal | undefined,
  ): Promise<{ source: OpenedSource; others: Map<number, OpenedSource> }> {
    const source = await again(signal);
    const others = new Map<number, OpenedSource>();
    try {
      await Promise.all(Array.from(this.#inputs, async ([slot, input]) => {
        const { openIfThere } = await import("./open_other.ts");
        const other = await openIfThere(input, { ...this.#options, signal }, source);
        if (other !== null) others.set(slot, other);
      }));
    } catch (error) {
      await Promise.all([source, ...others.values()].map((opened) => opened.close()));
      throw error;
    }
    return { source, others };
  }

  /**
   * Puts other sources in the place of those that there are: objects keep the slots that they know. What was absent is
   * looked for again.
   *
   * @param source The first one.
   * @param others The others, by slot.
   * @returns Closes the old ones.
   */
  replace(source: OpenedSource, others: ReadonlyMap<number, OpenedSource>): () => Promise<void> {
    const old = this.#sources;
    this.#sources = old.map((kept, slot) => slot === 0 ? source : others.get(slot) ?? kept);
    for (const [name, slot] of this.#slots) if (slot < 0) this.#slots.delete(name);
    // A source that the user gave is the same before and after.
    const kept = new Set(this.#sources.map(({ source }) => originalOf(source)));
    const gone = old.filter(({ source }) => !kept.has(originalOf(source)));
    return async () => void await Promise.all(gone.map((source) => source.close()));
  }

  /** Closes all sources. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  async #open(name: string, subject: Subject): Promise<void> {
    if (this.#sources.length >= MOST_FILES) {
      throw new LimitError(`Cannot ${subject.action} of ${this.name}: it refers to more than ${MOST_FILES} files`, {
        file: this.name,
        object: subject.object,
      });
    }
    // Most files refer to no other.
    const { openOther } = await import("./open_other.ts");
    const other = await openOther(name, subject, this.#options, this.#sources[0]!);
    const slot = other === null ? ABSENT_FILE : this.#sources.push(other.source) - 1;
    if (other !== null) this.#inputs.set(slot, other.input);
    this.#slots.set(name, slot);
  }
}
