/**
 * How much room there is to print in.
 *
 * @module
 */

/** Options of printing. */
export interface PrintOptions {
  /**
   * Width of the terminal, in characters. It decides how many columns are shown.
   *
   * @default {80}
   */
  readonly columns?: number | undefined;
  /**
   * Height of the terminal, in lines. It decides how many rows are shown: ten fewer, at least two.
   *
   * @default {24}
   */
  readonly rows?: number | undefined;
}
