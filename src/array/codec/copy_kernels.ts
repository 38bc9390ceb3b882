/**
 * The inner loops of copying. There is one per class of array, alike but for their types, because engines specialise
 * a function for the classes that it has met: a single one that meets all of them runs three times slower.
 *
 * @module
 */

/**
 * Copies rows of cells: `count` cells per row, `fromStep` and `toStep` apart, of rows `fromRow` and `toRow` apart.
 */
export type PlaneCopy<C> = (
  source: C,
  target: C,
  from: number,
  to: number,
  rows: number,
  fromRow: number,
  toRow: number,
  count: number,
  fromStep: number,
  toStep: number,
) => void;

/** Copies bytes. */
export const copyPlane8: PlaneCopy<Uint8Array> = (
  source,
  target,
  from,
  to,
  rows,
  fromRow,
  toRow,
  count,
  fromStep,
  toStep,
) => {
  for (let row = 0; row < rows; row++, from += fromRow, to += toRow) {
    for (let i = 0, a = from, b = to; i < count; i++, a += fromStep, b += toStep) target[b] = source[a]!;
  }
};

/** Copies cells of 2 bytes. */
export const copyPlane16: PlaneCopy<Uint16Array> = (
  source,
  target,
  from,
  to,
  rows,
  fromRow,
  toRow,
  count,
  fromStep,
  toStep,
) => {
  for (let row = 0; row < rows; row++, from += fromRow, to += toRow) {
    for (let i = 0, a = from, b = to; i < count; i++, a += fromStep, b += toStep) target[b] = source[a]!;
  }
};

/** Copies cells of 4 bytes. */
export const copyPlane32: PlaneCopy<Uint32Array> = (
  source,
  target,
  from,
  to,
  rows,
  fromRow,
  toRow,
  count,
  fromStep,
  toStep,
) => {
  for (let row = 0; row < rows; row++, from += fromRow, to += toRow) {
    for (let i = 0, a = from, b = to; i < count; i++, a += fromStep, b += toStep) target[b] = source[a]!;
  }
};

/** Copies values. */
export const copyPlaneValues: PlaneCopy<unknown[]> = (
  source,
  target,
  from,
  to,
  rows,
  fromRow,
  toRow,
  count,
  fromStep,
  toStep,
) => {
  for (let row = 0; row < rows; row++, from += fromRow, to += toRow) {
    for (let i = 0, a = from, b = to; i < count; i++, a += fromStep, b += toStep) target[b] = source[a];
  }
};

/** Copies elements of 8 bytes, as pairs of cells of 4. */
export function copyPairs(
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  to: number,
  count: number,
  fromStep: number,
  toStep: number,
): void {
  for (let i = 0; i < count; i++, from += fromStep, to += toStep) {
    target[to] = source[from]!;
    target[to + 1] = source[from + 1]!;
  }
}
