/**
 * Where the electrodes of a probe are, by the maps in a `.meta`.
 *
 * @module
 */

import type { Meta } from "./meta.ts";

/** Where an electrode is; what the file doesn't tell is left out. */
export interface Site {
  /** Which shank. */
  readonly shank: number;
  /** From the left edge of its shank, in micrometres. */
  readonly x?: number;
  /** From the lowest row, in micrometres. */
  readonly z?: number;
  /** Column, where the file has a grid. */
  readonly column?: number;
  /** Row, where the file has a grid. */
  readonly row?: number;
  /** Whether it is used: references, for instance, aren't. */
  readonly used: boolean;
}

/** A grid of electrodes: x of the left column in even and odd rows, and steps, in micrometres. */
interface Grid {
  readonly even: number;
  readonly odd: number;
  readonly column: number;
  readonly row: number;
}

const STAGGERED: Grid = { even: 27, odd: 11, column: 32, row: 20 };
const STRAIGHT: Grid = { even: 27, odd: 27, column: 32, row: 15 };

/** Grids as they are published, of the probes that were made when files had grids only. */
const GRIDS: readonly (readonly [RegExp, Grid])[] = [
  [/^(PRB_1_[24]_0480.*|NP100[01]|NP101\d|0)$/, STAGGERED],
  [/^(PRB2_[14]_2_0640.*|NP2000|NP2003|NP2004|NP2010|NP2013|NP2014|21|24|2003|2013)$/, STRAIGHT],
];

/**
 * Sites of the saved channels that have electrodes, in the order of the file; empty where it has no map.
 *
 * @param meta What the file says
 */
export function sitesOf(meta: Meta): Site[] {
  const placed = meta.list("snsGeomMap");
  if (placed !== undefined) {
    return placed.entries.map((entry) => {
      const [shank, x, z, used] = fieldsOf(meta, "snsGeomMap", entry);
      return { shank: shank!, x: x!, z: z!, used: used !== 0 };
    });
  }
  const grid = gridOf(meta);
  return (meta.list("snsShankMap")?.entries ?? []).map((entry) => {
    const [shank, column, row, used] = fieldsOf(meta, "snsShankMap", entry);
    const place = grid === undefined ? {} : {
      x: (row! % 2 === 0 ? grid.even : grid.odd) + column! * grid.column,
      z: row! * grid.row,
    };
    return { shank: shank!, ...place, column: column!, row: row!, used: used !== 0 };
  });
}

/** What the file says of the whole probe, for annotations. */
export function shanksOf(meta: Meta): { shanks?: number; shankPitch?: number; shankWidth?: number } {
  const placed = meta.list("snsGeomMap")?.header.slice(1).map(Number);
  if (placed !== undefined && placed.length >= 3 && placed.every(Number.isFinite)) {
    return { shanks: placed[0]!, shankPitch: placed[1]!, shankWidth: placed[2]! };
  }
  const shanks = Number(meta.list("snsShankMap")?.header[0]);
  return Number.isFinite(shanks) ? { shanks } : {};
}

function gridOf(meta: Meta): Grid | undefined {
  const part = meta.text("imDatPrb_pn") ?? meta.text("imDatPrb_type");
  if (part === undefined) return meta.text("typeThis") === "imec" ? STAGGERED : undefined;
  return GRIDS.find(([pattern]) => pattern.test(part))?.[1];
}

function fieldsOf(meta: Meta, key: string, entry: string): number[] {
  const fields = entry.split(":").map((part) => part.trim() === "" ? NaN : Number(part));
  if (fields.length < 4 || fields.some((field) => !Number.isFinite(field))) {
    meta.refuse(key, `expected four numbers in ${JSON.stringify(entry.slice(0, 40))}`);
  }
  return fields;
}
