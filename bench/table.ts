/**
 * Rows as Markdown, which a terminal shows as well.
 *
 * @module
 */
import { FSSPEC } from "./remote.ts";
import { NWB_PEERS } from "./rows_nwb.ts";
import { TEMPORAL_PEERS } from "./rows_temporal.ts";
import {
  type FigureRow,
  type Goal,
  type LocalRow,
  type PairRow,
  PEERS,
  type RemoteRow,
  type Row,
  type Spread,
} from "./types.ts";

/**
 * Renders all rows.
 *
 * @param rows What was measured.
 * @param conditions One line: machine, versions, repeats.
 */
export function render(rows: readonly Row[], conditions: string): string {
  const local = rows.filter((row) => row.kind === "local");
  const pairs = rows.filter((row) => row.kind === "pair");
  const remote = rows.filter((row) => row.kind === "remote");
  const figures = rows.filter((row) => row.kind === "figure");
  const parts = [conditions];
  if (local.length > 0) parts.push(localTable(local));
  if (pairs.length > 0) parts.push(pairTable(pairs));
  const tables = [[undefined, Object.keys(FSSPEC)], ["nwb", NWB_PEERS.slice(1)], [
    "temporal",
    TEMPORAL_PEERS.slice(1),
  ]] as const;
  for (const [of, peers] of tables) {
    const rows = remote.filter((row) => row.of === of);
    if (rows.length > 0) parts.push(remoteTable(rows, peers));
  }
  if (figures.length > 0) parts.push(figureTable(figures));
  return parts.join("\n\n");
}

function localTable(rows: readonly LocalRow[]): string {
  const [first, ...others] = PEERS;
  const head = ["local file, milliseconds (times microtome's)", first, ...others, "goal"];
  const lines = rows.map(({ title, milliseconds, ratios, absent, goals }) => [
    title,
    milliseconds[first] === undefined ? "–" : spreadText(milliseconds[first]),
    ...others.map((name) => {
      const time = milliseconds[name];
      if (time === undefined) return absent[name] ?? "–";
      return ratioText(time, ratios[name]!);
    }),
    goalText(goals),
  ]);
  return table(head, lines);
}

function pairTable(rows: readonly PairRow[]): string {
  const others = [...new Set(rows.flatMap(({ ratios }) => Object.keys(ratios)))];
  const head = ["arrays and writing, milliseconds (times microtome's)", "microtome", ...others, "goal"];
  const lines = rows.map(({ title, milliseconds, ratios, goals }) => [
    title,
    spreadText(milliseconds.microtome!),
    ...others.map((name) => ratios[name] === undefined ? "–" : ratioText(milliseconds[name]!, ratios[name])),
    goalText(goals),
  ]);
  return table(head, lines);
}

function remoteTable(rows: readonly RemoteRow[], others: readonly string[]): string {
  const peers = ["microtome", ...others];
  const head = [
    "over HTTP: requests, bytes, round trips, time",
    ...peers,
    "what the format asks for (fewer round trips where one request happens to hold several nodes)",
    "goal",
  ];
  const lines = rows.map(({ title, fileBytes, results, least, goals }) => [
    `${title} (file of ${megabytes(fileBytes)})`,
    ...peers.map((peer) => {
      const result = results[peer];
      if (result === undefined) return "–";
      if (typeof result === "string") return result;
      const { requests, bytes, roundTrips, milliseconds } = result;
      return `${requests}, ${megabytes(bytes)}, ${roundTrips}, ${number(milliseconds)} ms`;
    }),
    `${least.bytes === null ? "" : `${megabytes(least.bytes)} of chunks; `}${least.roundTrips} round trip${
      least.roundTrips === 1 ? "" : "s"
    }: ${least.why}`,
    goalText(goals),
  ]);
  return table(head, lines);
}

function figureTable(rows: readonly FigureRow[]): string {
  const peers = ["microtome", "h5wasm", "jsfive"];
  const head = ["", ...peers, "goal"];
  return table(
    head,
    rows.map(({ title, results, goals }) => [title, ...peers.map((peer) => results[peer] ?? "–"), goalText(goals)]),
  );
}

function goalText(goals: readonly Goal[]): string {
  if (goals.length === 0) return "–";
  return goals.map(({ text, met, reached }) => `${text}: ${met ? "met" : "**missed**"} (${reached})`).join("; ");
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "/")).join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}

function spreadText({ median, min, max }: Spread): string {
  return `${number(median)} (${number(min)}–${number(max)})`;
}

function ratioText(time: Spread, ratio: Spread): string {
  return `${number(time.median)} (${ratio.median.toFixed(2)} x; ${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`;
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function megabytes(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(2)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}
