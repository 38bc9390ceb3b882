/**
 * Converting numbers from type to type.
 *
 * @module
 */
import { DTypeError } from "../../source/errors.ts";
import { countOf, inBlocks } from "./blocks.ts";
import type { Arena, ReaderInstance } from "./memory.ts";
import {
  type Bytes,
  bytesOf,
  type ElementArray,
  type ElementType,
  newArray,
  sizeOf,
  type StoredType,
  TYPES,
} from "./types.ts";

/** What becomes of a value that the target type can't hold. */
export type Overflow = "error" | "wrap" | "clip";

/** How to convert. */
export interface ConvertOptions {
  /**
   * `error` (the default): a DTypeError. `wrap`: integers modulo 2^bits as in C and NumPy, floats likewise after losing
   * their fraction, NaN and infinities 0, float64 to float32 infinity. `clip`: the nearest value, NaN 0.
   */
  readonly overflow?: Overflow | undefined;
  /** Whether the source is big-endian. */
  readonly swap?: boolean | undefined;
}

/**
 * Converts numbers to another type. Floats lose their fraction on their way to integers; integers become the nearest
 * float. NaN keeps its sign and upper bits between floats.
 *
 * @param instance The module.
 * @param source The numbers' bytes.
 * @param from Their type.
 * @param to The type wanted.
 * @param options What to do with what doesn't fit.
 * @returns The converted numbers.
 * @throws {DTypeError} If one doesn't fit and the rule is `error`.
 * @throws {ShapeError} If the source isn't whole numbers.
 */
export function convert<T extends ElementType>(
  instance: ReaderInstance,
  source: Bytes,
  from: StoredType,
  to: T,
  options: ConvertOptions = {},
): ElementArray<T> {
  const { overflow = "error", swap = false } = options;
  const sourceStep = sizeOf(from);
  const count = countOf(source, sourceStep, `convert ${from}`);
  const out = newArray(to, count);
  const bytes = bytesOf(source);
  const rule = ["error", "wrap", "clip"].indexOf(overflow);
  const unit = swap ? sourceStep : 1;
  const steps = { source: bytes, sourceStep, target: bytesOf(out), targetStep: sizeOf(to), count, unit };
  inBlocks(instance, steps, (arena, target, into, first, n) => {
    const done = arena.exports.mr_convert(target, TYPES.indexOf(to), into, TYPES.indexOf(from), n, rule);
    if (done < 0 || done === n) return done;
    throw new DTypeError(
      `Cannot convert element ${first + done} of ${from} to ${to}: ${valueAt(arena, into, from, done)} doesn't fit`,
    );
  });
  return out;
}

/** One value in the module's memory, for a message. */
function valueAt(arena: Arena, start: number, type: StoredType, index: number): string {
  const size = sizeOf(type);
  const bytes = arena.view(start + index * size, size).slice();
  if (type !== "float16") return String(new (newArray(type, 0).constructor as Uint8ArrayConstructor)(bytes.buffer)[0]);
  const wide = arena.take(8);
  arena.exports.mr_convert(wide, TYPES.indexOf("float64"), start + index * size, TYPES.indexOf(type), 1, 0);
  return String(new Float64Array(arena.view(wide, 8).slice().buffer)[0]);
}
