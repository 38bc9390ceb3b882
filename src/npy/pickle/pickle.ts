/**
 * Reading pickles, as far as they hold plain data: what NumPy writes for arrays of objects.
 *
 * @module
 */

import { decodeText } from "../../array/text/text.ts";
import { CorruptFileError, MicrotomeError, ShapeError, UnsupportedError } from "../../source/errors.ts";
import { pace } from "../../source/pace.ts";
import { latin1, PickleCursor } from "./cursor.ts";
import { build, CopyBudget, findGlobal, reduce } from "./objects.ts";
import { openBoxes } from "./values.ts";

/** Ends the list of what was pushed behind it. */
const MARK = Symbol("mark");

/** Opcodes that would make objects of classes, or ask for what lies outside of the pickle. */
const REFUSED: Readonly<Record<number, string>> = {
  0x69: "INST",
  0x6f: "OBJ",
  0x81: "NEWOBJ",
  0x92: "NEWOBJ_EX",
  0x50: "PERSID",
  0x51: "BINPERSID",
  0x82: "EXT1",
  0x83: "EXT2",
  0x84: "EXT4",
  0x97: "NEXT_BUFFER",
  0x98: "READONLY_BUFFER",
};

/**
 * Reads a pickle of protocol 0 to 5 that holds plain data: `None`, truth values, numbers, text, bytes, lists, tuples,
 * dictionaries, sets, and NumPy's arrays, scalars and dtypes.
 *
 * Nothing is called and no class is looked up: what a pickle may ask for stands in a table, and all else is refused by
 * its name before anything is made of it. So a hostile pickle can do nothing but fail.
 *
 * In JavaScript, `None` is `null`; integers are numbers, beyond 2^53 bigints; complex numbers are pairs; lists and
 * tuples are arrays; dictionaries are `Map`s, sets `Set`s, bytes `Uint8Array`s, arrays `NDArray`s, dtypes `DType`s.
 * Text that Python 2 wrote as bytes comes as Latin-1.
 *
 * @param bytes The pickle; what follows its end is ignored
 * @param name What messages call the file
 * @returns The value
 * @throws {UnsupportedError} If it asks for anything that isn't in the table: the message names it
 * @throws {CorruptFileError} If it is no pickle, or breaks off
 * @throws {LimitError} If what it means is too large or too deep
 *
 * @example Usage
 * ```ts
 * import { unpickle } from "./pickle.ts";
 * import assert from "node:assert/strict";
 *
 * const pickle = new TextEncoder().encode("(lp0\nI1\naI2\na."); // [1, 2], protocol 0
 * assert.deepEqual(unpickle(pickle), [1, 2]);
 * assert.throws(() => unpickle(new TextEncoder().encode("cos\nsystem\n.")), /asks for os\.system/);
 * ```
 */
export function unpickle(bytes: Uint8Array, name: string = "the pickle"): unknown {
  try {
    const machine = new Machine(bytes, name);
    machine.advance(Infinity);
    return openBoxes(machine.result, name);
  } catch (error) {
    throw pickleError(error, name);
  }
}

/** What may be read between two turns of the event loop: a value takes far more than its bytes. */
const STRETCH = 1_000_000;

/**
 * The same, letting others run in between.
 *
 * @param bytes The pickle
 * @param name What messages call the file
 * @param signal Aborts
 */
export async function unpickleInPieces(
  bytes: Uint8Array,
  name: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const machine = new Machine(bytes, name);
  for (let ended = false; !ended;) {
    const turn = pace.start(0, 8 * Math.min(STRETCH, bytes.length), signal);
    if (turn !== undefined) await turn;
    try {
      ended = machine.advance(STRETCH);
    } catch (error) {
      throw pickleError(error, name);
    }
  }
  try {
    return openBoxes(machine.result, name);
  } catch (error) {
    throw pickleError(error, name);
  }
}

function pickleError(error: unknown, name: string): MicrotomeError {
  // A shape that can't be is damage here.
  if (error instanceof MicrotomeError && !(error instanceof ShapeError)) {
    if (error.message.startsWith("Cannot")) return error;
    const Same = error.constructor as typeof UnsupportedError;
    return new Same(`Cannot read ${name}: in its pickle ${error.message}`, { cause: error });
  }
  return new CorruptFileError(`Cannot read ${name}: its pickle is damaged`, { cause: error });
}

/** The stack machine that a pickle is a program of. */
class Machine {
  readonly #in: PickleCursor;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #budget: CopyBudget;

  constructor(bytes: Uint8Array, name: string) {
    this.#in = new PickleCursor(bytes, name);
    this.#budget = new CopyBudget(bytes.length);
  }

  /** What it has put together, once {@linkcode Machine.advance} has reached the end. */
  result: unknown;

  /** Runs for so many bytes. @returns Whether the end was reached. */
  advance(bytes: number): boolean {
    const until = this.#in.at + bytes;
    while (this.#in.at < until) {
      const opcode = this.#in.byte();
      if (opcode === 0x2e) {
        this.result = this.#pop();
        return true;
      }
      this.#step(opcode);
    }
    return false;
  }

  #step(opcode: number): void {
    const push = (value: unknown) => void this.#stack.push(value);
    switch (opcode) {
      // Frame of the pickle: protocol, frame lengths, stack and memo.
      case 0x80:
        if (this.#in.byte() > 5) throw new UnsupportedError("the protocol is newer than 5");
        return;
      case 0x95:
        this.#in.take(8);
        return;
      case 0x28:
        return push(MARK);
      case 0x30:
        return void this.#pop();
      case 0x31:
        return void this.#popMark();
      case 0x32:
        return push(this.#top());
      case 0x70:
        return this.#put(this.#in.index(this.#in.line()));
      case 0x71:
        return this.#put(this.#in.byte());
      case 0x72:
        return this.#put(this.#in.uint32());
      case 0x94:
        return this.#put(this.#memo.size);
      case 0x67:
        return push(this.#get(this.#in.index(this.#in.line())));
      case 0x68:
        return push(this.#get(this.#in.byte()));
      case 0x6a:
        return push(this.#get(this.#in.uint32()));
      // Values without parts.
      case 0x4e:
        return push(null);
      case 0x88:
        return push(true);
      case 0x89:
        return push(false);
      case 0x49:
        return push(this.#in.textInteger(true));
      case 0x4c:
        return push(this.#in.textInteger(false));
      case 0x4a:
        return push(this.#in.int32());
      case 0x4b:
        return push(this.#in.byte());
      case 0x4d:
        return push(this.#in.uint16());
      case 0x8a:
        return push(this.#in.long(this.#in.byte()));
      case 0x8b:
        return push(this.#in.long(this.#in.uint32()));
      case 0x46:
        return push(this.#in.textFloat());
      case 0x47:
        return push(this.#in.float64());
      // Text and bytes. What Python 2 calls a string is text in Latin-1 here.
      case 0x53:
        return push(this.#in.quoted());
      case 0x54:
        return push(latin1(this.#in.take(this.#in.uint32())));
      case 0x55:
        return push(latin1(this.#in.take(this.#in.byte())));
      case 0x56:
        return push(this.#in.rawUnicode());
      case 0x8c:
        return push(decodeText(this.#in.take(this.#in.byte())));
      case 0x58:
        return push(decodeText(this.#in.take(this.#in.uint32())));
      case 0x8d:
        return push(decodeText(this.#in.take(this.#in.uint64())));
      case 0x43:
        return push(this.#in.take(this.#in.byte()).slice());
      case 0x42:
        return push(this.#in.take(this.#in.uint32()).slice());
      case 0x8e:
      case 0x96:
        return push(this.#in.take(this.#in.uint64()).slice());
      default:
        return this.#stepContainers(opcode, push);
    }
  }

  #stepContainers(opcode: number, push: (value: unknown) => void): void {
    switch (opcode) {
      case 0x5d:
      case 0x29:
        return push([]);
      case 0x7d:
        return push(new Map());
      case 0x8f:
        return push(new Set());
      case 0x6c:
      case 0x74:
        return push(this.#popMark());
      case 0x85:
      case 0x86:
      case 0x87: {
        const parts = Array.from({ length: opcode - 0x84 }, () => this.#pop());
        return push(parts.reverse());
      }
      case 0x91:
        return push(new Set(this.#popMark()));
      case 0x64:
        return push(setPairs(new Map(), this.#popMark()));
      case 0x61: {
        const value = this.#pop();
        return void this.#list().push(value);
      }
      case 0x65: {
        const values = this.#popMark();
        const list = this.#list();
        for (const value of values) list.push(value);
        return;
      }
      case 0x73: {
        const value = this.#pop();
        const key = this.#pop();
        setPairs(this.#top(), [key, value]);
        return;
      }
      case 0x75: {
        const pairs = this.#popMark();
        setPairs(this.#top(), pairs);
        return;
      }
      case 0x90: {
        const values = this.#popMark();
        const set = this.#top();
        if (!(set instanceof Set)) throw new Error("no set");
        for (const value of values) set.add(value);
        return;
      }
      // What would name and call something in Python.
      case 0x63: {
        const module = this.#in.line();
        return push(findGlobal(module, this.#in.line()));
      }
      case 0x93: {
        const name = this.#pop();
        const module = this.#pop();
        if (typeof name !== "string" || typeof module !== "string") throw new Error("no name");
        return push(findGlobal(module, name));
      }
      case 0x52: {
        const args = this.#pop();
        return push(reduce(this.#pop(), args, this.#budget));
      }
      case 0x62: {
        const state = this.#pop();
        return build(this.#top(), state, this.#budget);
      }
    }
    const refused = REFUSED[opcode];
    if (refused !== undefined) throw new UnsupportedError(`an object of a class is made (${refused})`);
    throw new Error(`unknown opcode ${opcode}`);
  }

  #pop(): unknown {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #top(): unknown {
    const value = this.#stack.at(-1);
    if (this.#stack.length === 0 || value === MARK) throw new Error("nothing on the stack");
    return value;
  }

  #popMark(): unknown[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw new Error("no mark");
    const values = this.#stack.splice(at);
    values.shift();
    return values;
  }

  #put(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #get(index: number): unknown {
    if (!this.#memo.has(index)) throw new Error(`nothing is remembered as ${index}`);
    return this.#memo.get(index);
  }

  #list(): unknown[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw new Error("no list");
    return list;
  }
}

function setPairs(target: unknown, pairs: readonly unknown[]): Map<unknown, unknown> {
  if (!(target instanceof Map) || pairs.length % 2 !== 0) throw new Error("no dictionary");
  for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1]);
  return target;
}
