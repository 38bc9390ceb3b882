/**
 * What a picture of a recording shows, before anything draws it.
 *
 * @module
 */

/** One path. */
export interface Line {
  /** Where its points lie along time; NaN breaks the path. */
  readonly x: Float64Array;
  /** Where they lie across; as many. */
  readonly y: Float64Array;
}

/** A label at a height. */
export interface Lane {
  /** The height. */
  readonly y: number;
  /** What stands there. */
  readonly label: string;
}

/** A moment that is marked. */
export interface FigureMark {
  /** When it is. */
  readonly x: number;
  /** What stands there. */
  readonly label: string;
}

/** A bar that shows how high a value is. */
export interface ScaleBar {
  /** From where it goes, across. */
  readonly from: number;
  /** To where it goes, across. */
  readonly to: number;
  /** The value, with its unit. */
  readonly label: string;
}

/** A picture: paths over shaded stretches of time. */
export interface Figure {
  /** What it shows. */
  readonly title: string;
  /** What else is to be known: scale, what was left out. */
  readonly notes: readonly string[];
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** What lies along the horizontal axis. */
  readonly xLabel: string;
  /** What lies along the vertical axis; `null` for none. */
  readonly yLabel: string | null;
  /** First and last time shown. */
  readonly xDomain: readonly [number, number];
  /** What lies at the bottom and at the top. */
  readonly yDomain: readonly [number, number];
  /** Labels in the place of a vertical axis of numbers; `null` for numbers, none for no axis. */
  readonly lanes: readonly Lane[] | null;
  /** The paths: traces, or one path of all ticks of a raster. */
  readonly lines: readonly Line[];
  /** Whether each path has a colour of its own. */
  readonly isColoured: boolean;
  /** Stretches of time that are shaded, ascending. */
  readonly spans: readonly (readonly [number, number])[];
  /** Moments that are marked by lines; none by default. */
  readonly marks?: readonly FigureMark[];
  /** How high a value is; none by default. */
  readonly scaleBar?: ScaleBar | null;
}

/** Sizes of a figure, in pixels. */
export interface FigureSize {
  /** Width. */
  readonly width: number;
  /** Height; `undefined` for one that fits what is shown. */
  readonly height: number | undefined;
}

/** Left of the axes, where labels of lanes stand. */
export const MARGIN_LEFT = 72;
/** Right of the axes. */
export const MARGIN_RIGHT = 16;

/** Pixels along the horizontal axis. */
export function pixelsAcross({ width }: FigureSize): number {
  return Math.max(1, width - MARGIN_LEFT - MARGIN_RIGHT);
}
