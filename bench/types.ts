/**
 * What the benchmarks are made of: rows, the peers that run them, and what comes out.
 *
 * @module
 */

/** Names of who is measured, in the order of the table's columns. */
export const PEERS = ["microtome", "microtome by H5Dread", "h5wasm", "jsfive", "h5py"] as const;

/** Who is measured on local files. */
export type PeerName = typeof PEERS[number];

/** One series in one file. */
export interface Series {
  /** The file's path. */
  readonly path: string;
  /** Path of the dataset in it. */
  readonly dataset: string;
}

/** A reader of local files. Each call gives milliseconds, of the part that is measured alone. */
export interface LocalPeer {
  readonly name: PeerName;
  /** Opens, reads all, closes. */
  whole(series: Series): Promise<Timed>;
  /** With the file open: reads `rows` rows from each start; milliseconds per slice. */
  slices?(series: Series, starts: readonly number[], rows: number): Promise<Timed>;
  /** Opens, reads `rows` rows from `start`, closes. */
  scratch?(series: Series, start: number, rows: number): Promise<Timed>;
  close?(): void | Promise<void>;
}

/** A measured call, with something of what was read, so that peers can be held against each other. */
export interface Timed {
  readonly milliseconds: number;
  /** Sum of the last row read. */
  readonly check: number;
}

/** Several runs of one measurement. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A goal of the plan, and whether it was reached. */
export interface Goal {
  /** In words, such as `2.5 x h5py`. */
  readonly text: string;
  readonly met: boolean;
  /** What was reached, in words. */
  readonly reached: string;
}

/** A row of times on local files. */
export interface LocalRow {
  readonly kind: "local";
  readonly id: string;
  readonly title: string;
  /** Milliseconds of each peer; absent where it can't, or isn't installed. */
  readonly milliseconds: Partial<Record<PeerName, Spread>>;
  /** How many times as fast microtome is, from runs side by side. */
  readonly ratios: Partial<Record<PeerName, Spread>>;
  /** Why a peer is absent. */
  readonly absent: Partial<Record<PeerName, string>>;
  readonly goals: readonly Goal[];
}

/** What one reader did over HTTP. */
export interface RemoteResult {
  readonly requests: number;
  readonly bytes: number;
  /** Longest chain of requests that waited for each other. */
  readonly roundTrips: number;
  readonly milliseconds: number;
}

/** A row of reads over HTTP. */
export interface RemoteRow {
  readonly kind: "remote";
  /** Which table it stands in: those of NWB files and of sessions have peers of their own. */
  readonly of?: "nwb" | "temporal";
  readonly id: string;
  readonly title: string;
  readonly fileBytes: number;
  readonly results: Readonly<Record<string, RemoteResult | string>>;
  /** What the format asks for: bytes of the chunks, and reads of which each depends on the one before. */
  readonly least: { readonly bytes: number | null; readonly roundTrips: number; readonly why: string };
  readonly goals: readonly Goal[];
}

/** A row of single figures: sizes, start-up, memory. */
export interface FigureRow {
  readonly kind: "figure";
  readonly id: string;
  readonly title: string;
  readonly results: Readonly<Record<string, string>>;
  readonly goals: readonly Goal[];
}

/** A row of times beside other libraries, which differ from row to row. */
export interface PairRow {
  readonly kind: "pair";
  readonly id: string;
  readonly title: string;
  /** Milliseconds by name. */
  readonly milliseconds: Readonly<Record<string, Spread>>;
  /** How many times as fast microtome is, from runs side by side. */
  readonly ratios: Readonly<Record<string, Spread>>;
  readonly goals: readonly Goal[];
}

/** Any row. */
export type Row = LocalRow | RemoteRow | FigureRow | PairRow;
