/**
 * What a row of the table of tools is, and what it has to work with.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "@std/path";
import { runCommand } from "../../support/run_command.ts";

/** One way to use the package: a tool, and what is written for it. */
export interface Row {
  /** The tool. */
  readonly tool: string;
  /** Its version; of those that the machine brings, the part that is tested for. */
  readonly version: string;
  /** What it does. */
  readonly how: string;
  /** What a user writes. */
  readonly write: string;
  /** What comes of it. */
  readonly result: string;
  /** Which of the machine's programs it needs, beside the tools. */
  readonly needs?: "chromium" | "bun";
  /** Whether it needs no tools that have to be installed. */
  readonly quick?: true;
  /** Tries it in an app's folder, which holds the package; throws where the result is another. */
  readonly run: (app: App) => Promise<void>;
}

/** An app that has the package installed from its archive, and nothing else. */
export interface App {
  /** Its folder. */
  readonly directory: string;
  /** The folder of tools, by name. */
  readonly tools: string;
  /** Address of `signal.h5`. */
  readonly url: string;
  /** Where the machine's programs are. */
  readonly programs: Readonly<Record<"chromium" | "bun", string>>;
}

/** The package's name, as users import it. */
export const MAIN = "@microtome/microtome";

/** The entry that holds the modules. */
export const INLINE = "@microtome/microtome/inline";

/** What the program has read where all is well: by the HDF5 module, and by the reader. */
export const EXPECTED = { hdf5: [-762, -784, -780, -793], raw: [258, 772] };

/** How to write the program. */
export interface ProgramOptions {
  /** What it imports from. */
  readonly from?: string;
  /** More names that it imports. */
  readonly names?: string;
  /** What it does first. */
  readonly first?: string;
  /** Whether it imports by `require`. */
  readonly require?: boolean;
  /** What it does with `answer`, the text of what it has read. */
  readonly tell?: string;
}

/** Tells the answer where the program runs in a page. */
export const TELL_PAGE = `fetch((new URLSearchParams(location.search).get("tell") ?? "") + "/result", ` +
  `{ method: "POST", mode: "no-cors", body: answer })`;

/**
 * Writes a user's program in plain JavaScript, with nothing that Node 20 lacks: it reads by both modules and tells what
 * it has read, or the error.
 *
 * @param url Address of `signal.h5`.
 * @param options What differs.
 * @returns Its text.
 */
export function program(url: string, options: ProgramOptions = {}): string {
  const { from = MAIN, first = "", tell = "console.log(answer)" } = options;
  const names = `{ open, openRaw, slice${options.names === undefined ? "" : `, ${options.names}`} }`;
  const imports = options.require ? `const ${names} = require("${from}");` : `import ${names} from "${from}";`;
  return `${imports}
async function main() {
  ${first}
  const file = await open("${url}");
  try {
    const signal = await file.dataset("/signal");
    const { data } = await signal.read([slice(100, 104), 3]);
    const raw = await openRaw(Uint8Array.of(1, 2, 3, 4), { dtype: ">i2", shape: [2] });
    return { hdf5: [...data], raw: [...(await raw.read()).data] };
  } finally {
    await file.close();
  }
}
main().catch(({ name, code, message }) => ({ name, code, message })).then((result) => {
  const answer = JSON.stringify(result);
  ${tell};
});
`;
}

/**
 * Writes a file of the app.
 *
 * @param app The app.
 * @param name The file's path in it.
 * @param text What it holds.
 * @returns Its path.
 */
export async function writeFile(app: App, name: string, text: string): Promise<string> {
  const path = join(app.directory, name);
  await Deno.writeTextFile(path, text);
  return path;
}

/**
 * Runs a file and gives the answer that it printed.
 *
 * @param app The app.
 * @param file The file's path in it.
 * @param command The runtime and its arguments.
 * @returns The answer.
 */
export async function answerOf(app: App, file: string, command: readonly string[] = ["node"]): Promise<unknown> {
  const [runtime, ...args] = command;
  const printed = await runCommand(runtime!, [...args, file], { cwd: app.directory });
  return JSON.parse(printed);
}

/** Fails unless the program has read what it should. */
export function assertRead(answer: unknown): void {
  assert.deepEqual(answer, EXPECTED);
}

/** Fails unless the program has ended with the error that says to import the entry with the modules inside. */
export function assertTold(answer: unknown): void {
  const { name, code, message } = answer as Record<string, string>;
  assert.deepEqual([name, code], ["WasmError", "wasm"]);
  assert.match(message ?? "", /import from "@microtome\/microtome\/inline"/);
}
