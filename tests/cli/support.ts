import { main, type Registries } from "../../src/cli/main.ts";
import type { CliIo } from "../../src/cli/io.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";

/** A range server on a folder, which `await using` closes. */
export async function serve(folder: string): Promise<RangeServer & AsyncDisposable> {
  const server = await startRangeServer(folder);
  return Object.create(server, { [Symbol.asyncDispose]: { value: () => server.close() } });
}

/** What a call of the command line did. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  files: Map<string, Uint8Array>;
}

/** Runs the command line in a world of its own. */
export async function run(args: string[], world: Partial<CliIo> = {}, registries?: Registries): Promise<Outcome> {
  const outcome: Outcome = { code: -1, stdout: "", stderr: "", files: new Map() };
  outcome.code = await main(args, {
    stdout: (text) => {
      outcome.stdout += text;
      return Promise.resolve();
    },
    stderr: (text) => outcome.stderr += text,
    isTerminal: false,
    columns: 80,
    writeFile: (path, pieces) => {
      const parts = Array.from(pieces, (piece) => typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      outcome.files.set(path, new Uint8Array(parts.flatMap((part) => [...part])));
      return Promise.resolve();
    },
    signal: new AbortController().signal,
    ...world,
  }, registries);
  return outcome;
}

/** Path of a fixture. */
export function fixture(name: string): string {
  return decodeURIComponent(new URL(`../data/${name}`, import.meta.url).pathname);
}
