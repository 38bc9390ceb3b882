/**
 * Traces in a terminal, by braille characters of 2 x 4 dots each.
 *
 * @module
 */

/** One trace. */
export interface Trace {
  /** What stands before it. */
  readonly label: string;
  /** Its values, evenly in time. */
  readonly values: ArrayLike<number>;
}

/** Options of {@linkcode plotTraces}. */
export interface PlotOptions {
  /** Width of the traces in characters. */
  readonly columns: number;
  /** Height of a trace in lines. */
  readonly lines: number;
}

// The bit of each dot of a braille character, by column and row.
const DOTS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]] as const;

/**
 * Draws traces one below the other, all to the same scale. Each column of dots runs from the least to the greatest
 * value of its stretch of time, so that no spike is lost.
 *
 * @param traces The traces
 * @param options How large
 * @returns Lines of text
 */
export function plotTraces(traces: readonly Trace[], { columns, lines }: PlotOptions): string[] {
  const ranges = traces.map(({ values }) => stretches(values, columns * 2));
  const low = Math.min(...ranges.flat().map(([least]) => least));
  const high = Math.max(...ranges.flat().map(([, greatest]) => greatest));
  const rows = lines * 4;
  const rowOf = (value: number) => Math.round((high - value) / (high - low || 1) * (rows - 1));
  const labelWidth = Math.max(...traces.map(({ label }) => label.length));
  return traces.flatMap(({ label }, k) => {
    const cells = Array.from({ length: lines }, () => new Uint8Array(columns));
    ranges[k]!.forEach(([least, greatest], x) => {
      for (let row = rowOf(greatest); row <= rowOf(least); row++) {
        cells[Math.floor(row / 4)]![Math.floor(x / 2)]! |= DOTS[x % 2 as 0 | 1][row % 4 as 0 | 1 | 2 | 3];
      }
    });
    const middle = Math.floor((lines - 1) / 2);
    return cells.map((line, i) => `${(i === middle ? label : "").padStart(labelWidth)} ${brailles(line)}`);
  });
}

function brailles(bits: Uint8Array): string {
  return String.fromCharCode(...Array.from(bits, (bit) => 0x2800 + bit));
}

function stretches(values: ArrayLike<number>, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * values.length / count);
    const to = Math.max(from + 1, Math.floor((i + 1) * values.length / count));
    let least = Infinity;
    let greatest = -Infinity;
    for (let k = from; k < to && k < values.length; k++) {
      least = Math.min(least, values[k]!);
      greatest = Math.max(greatest, values[k]!);
    }
    return [least, greatest];
  });
}
