/**
 * Objects that are open on the C side: a bounded table, since each costs memory there.
 *
 * @module
 */
import { type Hdf5Exports, OK } from "../../wasm/instance.ts";

/** Where an object lies: enough to open it again. */
export interface ObjectAddress {
  /** Slot of its file. */
  readonly file: number;
  /** Address of its header. */
  readonly address: number;
}

/** Handles of open objects, by address. */
export class HandleTable {
  readonly #handles = new Map<string, number>();
  /** How many reads under way need an object to stay open. */
  readonly #held = new Map<string, number>();
  readonly #capacity: number;

  /** @param capacity How many objects stay open; the one that was used longest ago is closed for the next. */
  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  /** Forgets all, where the instance that had them is lost. */
  forget(): void {
    this.#handles.clear();
  }

  /** Closes all. */
  clear(exports: Hdf5Exports): void {
    for (const handle of this.#handles.values()) close(exports, handle);
    this.#handles.clear();
  }

  /**
   * Keeps a handle that opening gave.
   *
   * @param exports The instance.
   * @param object Where the object lies.
   * @param handle Its handle.
   */
  keep(exports: Hdf5Exports, object: ObjectAddress, handle: number): void {
    const key = keyOf(object);
    const old = this.#handles.get(key);
    if (old !== undefined && old !== handle) close(exports, old);
    this.#handles.delete(key);
    this.#handles.set(key, handle);
    if (this.#handles.size <= this.#capacity) return;
    for (const [oldest, unused] of this.#handles) {
      if (oldest === key || this.#held.has(oldest)) continue;
      this.#handles.delete(oldest);
      close(exports, unused);
      return;
    }
  }

  /** Keeps an object open, once it is, until {@linkcode release} is called as often. */
  hold(object: ObjectAddress): void {
    const key = keyOf(object);
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
  }

  /** Lets an object be closed for others again. */
  release(object: ObjectAddress): void {
    const key = keyOf(object);
    const count = (this.#held.get(key) ?? 1) - 1;
    if (count === 0) this.#held.delete(key);
    else this.#held.set(key, count);
  }

  /**
   * Calls with the object's handle, opening it again where it was closed. Part of an attempt: what is missing for
   * opening it restarts the attempt.
   *
   * @param exports The instance.
   * @param object Where the object lies.
   * @param run Gets the handle, gives a status.
   * @param handleOf Reads the handle from the out buffer after opening.
   * @returns The status of opening, or of `run`.
   */
  use(
    exports: Hdf5Exports,
    object: ObjectAddress,
    run: (handle: number) => number,
    handleOf: () => number,
  ): number {
    const key = keyOf(object);
    // The root of the file that was opened has no address yet when it is asked for.
    let handle = object.address < 0 ? 0 : this.#handles.get(key);
    if (handle === undefined) {
      const status = exports.mt_object_open_at(object.file, object.address);
      if (status !== OK) return status;
      handle = handleOf();
      this.keep(exports, object, handle);
    } else {
      this.#handles.delete(key);
      this.#handles.set(key, handle);
    }
    return run(handle);
  }
}

/** Handle 0 is the root group, which stays open. */
function close(exports: Hdf5Exports, handle: number): void {
  if (handle !== 0) exports.mt_object_close(handle);
}

function keyOf({ file, address }: ObjectAddress): string {
  return `${file}:${address}`;
}
