/**
 * What the name of a SpikeGLX file tells: `run_g0_t1.imec0.ap.bin`.
 *
 * @module
 */

import type { Meta } from "./meta.ts";

/** What a name tells. */
export interface SglxName {
  /** Name of the run. */
  readonly run: string;
  /** Which gate; `null` where the name has none. */
  readonly gate: number | null;
  /** Which trigger, `cat` of files that CatGT put together; `null` where the name has none. */
  readonly trigger: number | "cat" | null;
  /** The stream: `imec0.ap`, `imec.lf`, `nidq`, `obx0`. */
  readonly stream: string;
}

const NAME = /* @__PURE__ */ new RegExp(
  "^(?<run>.*?)(?:_g(?<gate>\\d{1,9}))?(?:_t(?<trigger>\\d{1,9}|cat))?" +
    "\\.(?:(?<imec>imec\\d{0,4})\\.(?<band>ap|lf)|(?<nidq>nidq)|(?<obx>obx\\d{0,4})(?:\\.obx)?)$",
);

/** Names on servers have an identifier before their ending, which differs from file to file. */
const IDENTIFIER = /\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A file's name without its ending and an identifier: what the files of one recording share. */
export function stemOf(path: string): string {
  return path.replace(/\.(meta|c?bin|ch)$/i, "").replace(IDENTIFIER, "");
}

/** What a name tells, with or without folders and ending; `null` where it isn't one of SpikeGLX. */
export function parseName(path: string): SglxName | null {
  const found = NAME.exec(stemOf(path.split(/[/\\]/).at(-1)!))?.groups;
  if (found === undefined) return null;
  const { run, gate, trigger, imec, band, nidq, obx } = found;
  return {
    run: run!,
    gate: gate === undefined ? null : Number(gate),
    trigger: trigger === undefined ? null : trigger === "cat" ? "cat" : Number(trigger),
    stream: imec !== undefined ? `${imec}.${band}` : nidq ?? obx!,
  };
}

/**
 * What a file is of: by its own name, else by the name that it was saved under, else by what it says it is.
 *
 * @param path Its path
 * @param meta Its `.meta`
 */
export function nameOf(path: string, meta: Meta): SglxName {
  const named = parseName(path) ?? parseName(meta.text("fileName") ?? "");
  if (named !== null) return named;
  const type = meta.text("typeThis") ?? "imec";
  const isLf = /^\s*0\s*,\s*[1-9]/.test(meta.text("snsApLfSy") ?? "");
  const stream = type === "imec" ? `imec.${isLf ? "lf" : "ap"}` : type;
  return { run: stemOf(path.split("/").at(-1)!), gate: null, trigger: null, stream };
}
