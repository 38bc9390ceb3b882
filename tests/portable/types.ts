/**
 * What the portable suite, its cases and the programs that run it agree on.
 *
 * @module
 */

/** What a case is told about where it runs. Plain JSON, since it travels by command line, request and page. */
export interface Context {
  /** Base URL of the files, ending in `/`. */
  readonly base: string;
  /** Different in every run, so that a server's counters are; it stands as `RUN` in results. */
  readonly run: string;
  /** Paths of fixtures below `base`. */
  readonly fixtures: readonly string[];
  /** Paths of corpus files below `base`; empty where there is no corpus. */
  readonly corpus: readonly string[];
  /** Folder that holds the same files by the same paths; absent in runtimes without files. */
  readonly directory?: string | undefined;
}

/** One thing that must come out the same everywhere. */
export interface Case {
  /** A sentence that says what is done. */
  readonly name: string;
  /** What the runtime must have; nothing by default. */
  readonly needs?: "disk";
  /** Does it; what it returns is compared. A throw is a failure. */
  run(context: Context): Promise<unknown>;
}

/** What came of one case. */
export interface CaseResult {
  /** Whether it ran. */
  readonly status: "ok" | "failed" | "skipped";
  /** SHA-256 of what it returned. */
  readonly digest: string;
  /** The beginning of what it returned, or of its error, for whoever looks into a difference. */
  readonly text: string;
}

/** Results by case name. */
export type SuiteResult = Record<string, CaseResult>;
