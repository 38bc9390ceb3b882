/**
 * What neo prints: of a reader four lines and three lists, of a header its tables as NumPy prints structured arrays.
 *
 * @module
 */

import { pythonRepr } from "../npy/literal.ts";
import { checkOptions } from "../source/options.ts";
import type { RecordingHeader } from "./header.ts";

/** Up to so many names of channels are printed whole. */
const SHOWN = 8;

/** What is printed of a recording. */
interface Printed {
  readonly header: RecordingHeader;
  readonly format: { readonly ioName: string };
  readonly name: string;
}

/**
 * What neo prints of a reader.
 *
 * @param recording The recording
 */
export function recordingText({ header, format, name }: Printed): string {
  const streams = header.signalStreams.map((stream) => {
    const count = header.signalChannels.filter(({ streamId }) => streamId === stream.id).length;
    return `${stream.name} (chans: ${count})`;
  });
  // neo puts blanks on both sides of the commas behind the dots.
  const shown = (names: readonly string[]) => {
    const short = names.length <= SHOWN;
    return `[${short ? names.join(", ") : `${names.slice(0, 4).join(", ")} ... ${names.slice(-4).join(" , ")}`}]`;
  };
  const list = (rows: readonly { readonly name: string }[]) => shown(rows.map(({ name }) => name));
  return [
    `${format.ioName}: ${name.replace(/^.*[/\\](?=[^/\\]+[/\\]*$)/, "")}`,
    `nb_block: ${header.blockCount}`,
    `nb_segment:  [${header.segmentCounts.join(", ")}]`,
    `signal_streams: ${shown(streams)}`,
    `signal_channels: ${list(header.signalChannels)}`,
    `spike_channels: ${list(header.spikeChannels)}`,
    `event_channels: ${list(header.eventChannels)}`,
    "",
  ].join("\n");
}

/** Options of {@linkcode headerText}. */
export interface HeaderTextOptions {
  /**
   * Whether buffers are printed, and the ids of theirs beside streams and channels, as neo does since its version 0.14.
   *
   * @default {false}
   */
  readonly buffers?: boolean | undefined;
}

type Cell = string | number;
type Column = readonly [name: string, dtype: string, cell: (row: never) => Cell];

/**
 * The tables of a header as Python prints neo's: a dict of structured arrays.
 *
 * @param header The tables
 * @param options Whether buffers are printed too
 */
export function headerText(header: RecordingHeader, options: HeaderTextOptions = {}): string {
  checkOptions(options, { buffers: true }, "print a header");
  const { buffers = false } = options;
  const ids = buffers ? [["buffer_id", "<U64", ({ bufferId }: { bufferId: string }) => bufferId] as const] : [];
  const wide = buffers ? "<U128" : "<U64";
  const tables: (readonly [string, readonly object[], readonly Column[]])[] = [
    ...(buffers
      ? [["signal_buffers", header.signalBuffers, [NAME("<U64"), ID]] as [string, readonly object[], readonly Column[]]]
      : []),
    ["signal_streams", header.signalStreams, [NAME(wide), ID, ...ids]],
    ["signal_channels", header.signalChannels, [
      NAME("<U64"),
      ID,
      ["sampling_rate", "<f8", ({ samplingRate }: { samplingRate: number }) => samplingRate],
      ["dtype", "<U16", ({ dtype }: { dtype: string }) => dtype],
      ["units", "<U64", ({ units }: { units: string }) => units],
      ["gain", "<f8", ({ gain }: { gain: number }) => gain],
      ["offset", "<f8", ({ offset }: { offset: number }) => offset],
      ["stream_id", "<U64", ({ streamId }: { streamId: string }) => streamId],
      ...ids,
    ]],
    ["spike_channels", header.spikeChannels, [
      NAME("<U64"),
      ID,
      ["wf_units", "<U64", ({ wfUnits }: { wfUnits: string }) => wfUnits],
      ["wf_gain", "<f8", ({ wfGain }: { wfGain: number }) => wfGain],
      ["wf_offset", "<f8", ({ wfOffset }: { wfOffset: number }) => wfOffset],
      ["wf_left_sweep", "<i8", ({ wfLeftSweep }: { wfLeftSweep: number }) => wfLeftSweep],
      ["wf_sampling_rate", "<f8", ({ wfSamplingRate }: { wfSamplingRate: number }) => wfSamplingRate],
    ]],
    ["event_channels", header.eventChannels, [NAME("<U64"), ID, ["type", "S5", ({ type }: { type: string }) => type]]],
  ];
  const counts = `'nb_block': ${header.blockCount}, 'nb_segment': [${header.segmentCounts.join(", ")}]`;
  return `{${
    [counts, ...tables.map(([name, rows, columns]) => `'${name}': ${structured(rows, columns)}`)].join(", ")
  }}`;
}

const NAME = (dtype: string): Column => ["name", dtype, ({ name }: { name: string }) => name];
const ID: Column = ["id", "<U64", ({ id }: { id: string }) => id];

/** Characters of a line, as NumPy has them; of those of records the bracket and the comma behind are taken off. */
const WIDTH = 75;
const INDENT = " ".repeat("array([".length);
/** More records than that are printed by their first and last ones. */
const THRESHOLD = 1000;
/** How many of each, then. */
const EDGE = 3;

/** An array of records as NumPy prints it. */
function structured(all: readonly object[], columns: readonly Column[]): string {
  const isLong = all.length > THRESHOLD;
  const rows = isLong ? [...all.slice(0, EDGE), ...all.slice(-EDGE)] : all;
  // What isn't all printed has its shape told, since NumPy 2.
  const shape = isLong ? `shape=(${all.length},), ` : "";
  const dtype = `${shape}dtype=[${columns.map(([name, type]) => `('${name}', '${type}')`).join(", ")}])`;
  const cells = columns.map(([, type, cell]) => columnTexts(rows.map((row) => cell(row as never)), type));
  const lines = ["array(["];
  const add = (word: string, isLast: boolean) => {
    const line = lines.at(-1)!;
    if (line.length > INDENT.length && line.length + word.length > WIDTH - 2) {
      lines[lines.length - 1] = line.trimEnd();
      lines.push(INDENT);
    }
    lines[lines.length - 1] += isLast ? word : `${word}, `;
  };
  rows.forEach((_, i) => {
    // The dots stand in the place of a record, on a line of their own where the next one doesn't fit behind them.
    if (isLong && i === EDGE) add("...", false);
    add(`(${cells.map((column) => column[i]).join(", ")})`, i === rows.length - 1);
  });
  const text = `${lines.join("\n")}],`;
  const last = text.length - (text.lastIndexOf("\n") + 1);
  return `${text}${last + dtype.length + 1 > WIDTH ? "\n      " : " "}${dtype}`;
}

function columnTexts(values: readonly Cell[], type: string): string[] {
  if (type === "<f8") return floatTexts(values as readonly number[]);
  if (type === "<i8") {
    const texts = values.map(String);
    const width = Math.max(0, ...texts.map(({ length }) => length));
    return texts.map((text) => text.padStart(width));
  }
  const most = Number(type.replace(/^\D+/, ""));
  return values.map((value) => {
    // NumPy's texts have a length, and lose NULs at their end.
    const text = Array.from(String(value)).slice(0, most).join("").replace(/\0+$/, "");
    return `${type === "S5" ? "b" : ""}${pythonRepr(text)}`;
  });
}

/** Floats as NumPy prints them side by side: at most eight decimals, dots below each other. */
function floatTexts(values: readonly number[]): string[] {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const isExponential = sizes.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1000);
  // Exponents are as long as the longest.
  const digits = Math.max(2, ...sizes.map((size) => size.toExponential(8).replace(/^.*e[-+]/, "").length));
  const parts = values.map((value): [string, string] => {
    if (!Number.isFinite(value)) return [Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf", ""];
    if (isExponential) {
      const [mantissa, exponent] = Number(value.toExponential(8)).toExponential().split("e") as [string, string];
      const [whole, decimals = ""] = mantissa.split(".") as [string, string?];
      const power = exponent.replace(/^[-+]/, "").padStart(digits, "0");
      return [whole, `${decimals}e${exponent.startsWith("-") ? "-" : "+"}${power}`];
    }
    const [whole, decimals = ""] = Number(value.toFixed(8)).toFixed(8).replace(/0+$/, "").split(".") as [
      string,
      string?,
    ];
    return [whole, decimals];
  });
  const before = Math.max(0, ...parts.map(([whole]) => whole.length));
  if (isExponential) {
    // Mantissas are made of one length by zeros.
    const decimals = (text: string) => text.indexOf("e");
    const longest = Math.max(0, ...parts.map(([, rest]) => decimals(rest)));
    return parts.map(([whole, rest]) => {
      const at = decimals(rest);
      const mantissa = at < 0 ? rest : rest.slice(0, at).padEnd(longest, "0") + rest.slice(at);
      return `${whole.padStart(before)}${at < 0 ? "" : "."}${mantissa}`;
    });
  }
  const behind = Math.max(0, ...parts.map(([, decimals]) => decimals.length));
  return parts.map(([whole, decimals], i) =>
    Number.isFinite(values[i])
      ? `${whole.padStart(before)}.${decimals.padEnd(behind)}`
      : whole.padStart(before + behind + 1)
  );
}
