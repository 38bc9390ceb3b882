/**
 * `nwb`: the keys of an NWB file, or one entry of it.
 *
 * @module
 */

import { NWBFile } from "../../nwb/nwb_file.ts";
import { ValueSeries } from "../../series/value_series.ts";
import { formatBytes } from "../../source/cost.ts";
import { WrongKindError } from "../../source/errors.ts";
import type { Call } from "../call.ts";
import { entryJson } from "../../show/entry_text.ts";
import { type CliIo, printable, printableName } from "../io.ts";
import { countOf, openEntry } from "../../show/nwb_entry.ts";
import { type EntryEncoder, entryEncoderFor } from "../targets/nwb_output.ts";
import { withProgress } from "../progress.ts";
import type { ArraySource } from "../sources/sources.ts";
import { type SeriesEntry, windowOf } from "../../show/window.ts";

/** Rows that fit a screen. */
const ROWS = 30;

/**
 * Prints the table of keys, or prints or writes an entry.
 *
 * @param source The source
 * @param call What was asked for
 * @param io The world
 */
export async function nwb(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  const { hasKey, raw } = call.series!;
  const encoder = call.output === undefined ? undefined : entryEncoderFor(call.output);
  if (source.file === undefined) {
    throw new WrongKindError(`Cannot open ${call.source} as an NWB file: it is no HDF5 but ${source.kind}`);
  }
  const file = await NWBFile.open(source.file, { signal: io.signal, raw });
  const known = new Set(file.warnings.values());
  if (hasKey) await oneEntry(file, source, call, encoder, io);
  else await allKeys(file, call, io);
  for (const [at, message] of file.warnings) {
    // Of one entry what came up as it was built is told, of all what is known of any.
    if (hasKey ? known.has(message) : call.json) continue;
    for (const line of message.split("\n")) io.stderr(`Warning: ${printableName(at)}: ${printable(line)}\n`);
  }
}

async function allKeys(file: NWBFile, call: Call, io: CliIo): Promise<void> {
  if (!call.json) return await io.stdout(printable(`${file}\n`));
  const keys = file.entries().map(([key, { kind, type, path, fullPath, objectId }]) => ({
    key,
    type: kind,
    neurodataType: type,
    path,
    fullPath,
    objectId,
  }));
  const said = { source: call.source, name: file.name, keys, warnings: Object.fromEntries(file.warnings) };
  await io.stdout(`${JSON.stringify(said)}\n`);
}

async function oneEntry(
  file: NWBFile,
  source: ArraySource,
  call: Call,
  encoder: EntryEncoder | undefined,
  io: CliIo,
): Promise<void> {
  const { path: key, json, output, series } = call;
  const { signal } = io;
  const { entry: whole, unit } = await openEntry(file, key, { raw: series!.raw, signal });
  const entry: SeriesEntry = windowOf(whole, series!.window);
  const progress = () => ({ fraction: null, text: `${formatBytes(source.cost.bytes)} read` });
  if (encoder === undefined && !json) {
    // Of values only the rows that are shown are read.
    const text = await withProgress(io, progress, () => formatEntry(entry, io));
    return await io.stdout(printable(`${text}\n`));
  }
  const loaded = entry instanceof ValueSeries ? await withProgress(io, progress, () => entry.load({ signal })) : entry;
  const read = { key, type: file.typeOf(key), unit, entry: loaded };
  if (encoder === undefined) {
    for (const piece of entryJson(read)) await io.stdout(piece);
    return;
  }
  await io.writeFile(output!, await encoder(read));
  const count = countOf(loaded);
  if (json) await io.stdout(`${JSON.stringify({ key, type: read.type, length: count, output })}\n`);
  else io.stderr(printable(`Wrote ${output}: ${read.type} of ${count.toLocaleString("en")}\n`));
}

async function formatEntry(entry: SeriesEntry, io: CliIo): Promise<string> {
  const options = { columns: io.columns, rows: ROWS, signal: io.signal };
  if (!(entry instanceof Map)) {
    return await (entry as Exclude<SeriesEntry, ReadonlyMap<string, unknown>>).format(options);
  }
  const parts = await Promise.all([...entry].map(async ([name, series]) => `${name}\n${await series.format(options)}`));
  return parts.join("\n\n");
}
