/**
 * `info`: what kind of file it is, and what its header says.
 *
 * @module
 */

import { formatValue } from "../../array/text/format.ts";
import { sizeOf } from "../../array/ndarray.ts";
import type { JsonValue } from "../../array/text/serialise.ts";
import type { H5File } from "../../hdf5/file.ts";
import { CostMeter, formatBytes, formatCost } from "../../source/cost.ts";
import { FormatError, UnknownFormatError, UnsupportedError } from "../../source/errors.ts";
import { Data } from "../../temporal/data.ts";
import type { Call } from "../call.ts";
import { type CliIo, printable } from "../io.ts";
import { jsonAttributes } from "./ls.ts";
import { kindOf } from "../../source/signatures.ts";
import { sessionJson } from "../../show/session_json.ts";
import { type ArraySource, costLine } from "../sources/sources.ts";
import { readAttributes, type TreeAttribute } from "../tree.ts";

/** Intervals of a domain that are shown. */
const SPANS = 4;

/**
 * Prints what a file is.
 *
 * @param call What was asked for
 * @param io The world
 * @param open Opens the source
 * @throws {UnsupportedError} If its bytes don't say
 */
export async function info(
  call: Call,
  io: CliIo,
  open: (meter: CostMeter) => Promise<ArraySource>,
): Promise<void> {
  const meter = new CostMeter();
  let opened: ArraySource;
  try {
    opened = await open(meter);
  } catch (error) {
    if (!(error instanceof UnknownFormatError)) throw error;
    return await otherInfo(call, error, meter, io);
  }
  await using source = opened;
  if (source.file !== undefined) await hdf5Info(source.file, call, io);
  else await sourceInfo(source, call, io);
  io.stderr(`${costLine(source)}\n`);
}

async function sourceInfo(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  const { rows, text, json } = await source.info(io.signal);
  const { kind, description, byteLength } = source;
  if (call.json) {
    return await io.stdout(`${JSON.stringify({ source: call.source, kind, description, byteLength, ...json })}\n`);
  }
  if (text !== undefined) return await io.stdout(printable(text));
  await printRows([
    ["source", call.source],
    ["kind", `${kind}: ${description}`],
    ...(byteLength === null ? [] : [["size", `${formatBytes(byteLength)} (${byteLength} bytes)`] as const]),
    ...rows,
  ], io);
}

async function hdf5Info(file: H5File, call: Call, io: CliIo): Promise<void> {
  const { superblock, userblock, pageSize, size } = file.info;
  const attributes = await readAttributes(file.attributes, io.signal);
  const names = (await file.links({ signal: io.signal })).map((link) => link.name);
  const session = await sessionOf(file, attributes, io.signal);
  const writers = [...writersOf(attributes, names), ...(await oldNwb(file, attributes, names, io.signal))];
  if (call.json) {
    const said = {
      source: call.source,
      kind: "HDF5",
      byteLength: file.byteLength,
      superblock,
      userblock,
      pageSize,
      endOfFile: size,
      writtenAs: writers,
      members: names,
      attributes: jsonAttributes(attributes),
      ...(session === null ? {} : { session: jsonSession(session) }),
    };
    return await io.stdout(`${JSON.stringify(said)}\n`);
  }
  const rows: [string, string][] = [
    ["source", call.source],
    ["kind", `HDF5${writers.length > 0 ? ` (${writers.join(", ")})` : ""}`],
    ["size", `${formatBytes(file.byteLength)} (${file.byteLength} bytes)`],
    ["superblock", `version ${superblock}`],
    ["user block", userblock === 0 ? "none" : `${userblock} bytes`],
    ["pages", pageSize === 0 ? "not paged" : `${pageSize} bytes each`],
    ["root", `${names.length} members, ${attributes.length} attributes`],
  ];
  // A file that was cut off, or is still being written, is shorter than its superblock says.
  if (size > file.byteLength) rows.push(["end of data", `${size} bytes: beyond the end of the file`]);
  for (const { name, dtype, value, error } of attributes.filter(isPlain)) {
    rows.push([`@${name}`, error ?? formatValue(value, dtype)]);
  }
  if (session instanceof Data) rows.push(["domain", domainText(session)]);
  else if (session !== null) rows.push(["session", session]);
  await printRows(rows, io);
  if (session instanceof Data) await io.stdout(printable(`\n${session}\n`));
}

/** The session that a file says it is, or what is wrong with it. */
async function sessionOf(
  file: H5File,
  attributes: readonly TreeAttribute[],
  signal: AbortSignal,
): Promise<Data | string | null> {
  if (!attributes.some(isSession)) return null;
  try {
    return await Data.load(file, { signal });
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function jsonSession(session: Data | string): JsonValue {
  return session instanceof Data ? sessionJson(session).session : { error: session };
}

function isSession({ name, value }: TreeAttribute): boolean {
  return name === "object" && value === "Data";
}

function domainText({ domain }: Data): string {
  if (domain === null) return "none";
  const { start, end } = domain.known!;
  const spans = Array.from(start, (from, i) => `${from} to ${end[i]} s`);
  return spans.slice(0, SPANS).join(", ") + (spans.length > SPANS ? `, … (${spans.length} intervals)` : "");
}

function isPlain({ value }: TreeAttribute): boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

// What libraries that write HDF5 leave in the root group.
function writersOf(attributes: readonly TreeAttribute[], names: readonly string[]): string[] {
  const values = new Map(attributes.map(({ name, value }) => [name, value]));
  const hints: [string, unknown][] = [
    [`NWB ${values.get("nwb_version")}`, values.has("nwb_version")],
    ["NetCDF-4", values.has("_NCProperties") || values.has("_nc3_strict")],
    [`PyTables ${values.get("PYTABLES_FORMAT_VERSION")}`, values.has("PYTABLES_FORMAT_VERSION")],
    [`AnnData ${values.get("encoding-version") ?? ""}`.trim(), values.get("encoding-type") === "anndata"],
    ["Keras", values.has("keras_version")],
    ["torch_brain", attributes.some(isSession)],
    ["MATLAB 7.3", names.includes("#refs#") || names.includes("#subsystem#")],
  ];
  return hints.flatMap(([name, holds]) => holds === true ? [name] : []);
}

// NWB 1 has its version in a dataset, such as "NWB-1.0.6"; NWB 2 in an attribute.
async function oldNwb(
  file: H5File,
  attributes: readonly TreeAttribute[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (!names.includes("nwb_version") || attributes.some(({ name }) => name === "nwb_version")) return [];
  const object = await file.get("/nwb_version", { signal });
  if (object.kind !== "dataset" || object.dtype.kind !== "string" || sizeOf(object.shape) !== 1) return [];
  const [version] = (await object.read(null, { signal })).data;
  return [`NWB ${String(version).replace(/^NWB-/, "")}`];
}

async function otherInfo(
  call: Call,
  { head, byteLength }: UnknownFormatError,
  meter: CostMeter,
  io: CliIo,
): Promise<void> {
  const kind = kindOf(head);
  if (kind === null) {
    const bytes = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new UnsupportedError(
      `Cannot tell what kind of file ${JSON.stringify(call.source)} is: ` +
        (byteLength === 0 ? "it is empty" : `it begins with the bytes ${bytes}`),
      { file: call.source },
    );
  }
  if (call.json) {
    const said = { source: call.source, kind: kind.name, description: kind.description, byteLength, readable: false };
    await io.stdout(`${JSON.stringify(said)}\n`);
  } else {
    await printRows([
      ["source", call.source],
      ["kind", `${kind.name}: ${kind.description}; ${kind.advice}`],
      ["size", `${formatBytes(byteLength)} (${byteLength} bytes)`],
    ], io);
  }
  io.stderr(`${formatCost(meter.cost, byteLength)}\n`);
}

async function printRows(rows: readonly (readonly [string, string])[], io: CliIo): Promise<void> {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  await io.stdout(printable(`${lines.join("\n")}\n`));
}
