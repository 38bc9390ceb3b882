/**
 * YASS' sidecars: YAML beside a flat file, that says dtype, channels and order.
 *
 * @module
 */

import { FormatError } from "../source/errors.ts";
import type { AxisOrder } from "./extent.ts";

/** What YASS' sidecar says of a flat file. */
export interface YassSidecar {
  /** NumPy's name of the dtype. */
  readonly dtype: string;
  /** Number of channels; `null` where YASS 0.9 wrote none. */
  readonly nChannels: number | null;
  /** `C` for samples (all channels of a sample together), `F` for channels (one behind the other). */
  readonly order: AxisOrder;
  /** Number of observations, which only microtome writes. */
  readonly observations: number | null;
  /** Samples per second, which only microtome writes. */
  readonly samplingRate: number | null;
  /** Of what, and by what, it was made, which only microtome writes. */
  readonly making: unknown;
}

/** YASS' words for its two orders, those of version 0.6 and before among them; and one of its documentation's. */
const ORDERS: Readonly<Record<string, AxisOrder>> = {
  samples: "C",
  sample: "C",
  long: "C",
  channels: "F",
  wide: "F",
};

/**
 * The order that one of YASS' words stands for, or `null` where it is none of them.
 *
 * @param word `samples`, `channels`, or an older one
 */
export function orderOf(word: unknown): AxisOrder | null {
  return typeof word === "string" && Object.hasOwn(ORDERS, word) ? ORDERS[word]! : null;
}

/**
 * Where YASS has the sidecar of a file: `.yaml` in place of its extension.
 *
 * @param name Path or last part of one
 */
export function yassSidecarName(name: string): string {
  return `${name.replace(/\.[^./\\]*$/, "")}.yaml`;
}

/**
 * Reads YASS' sidecar.
 *
 * @param text What it holds
 * @param name What messages call it
 * @throws {FormatError} If it is no YAML, or says too little
 */
export async function decodeYassSidecar(text: string, name: string): Promise<YassSidecar> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new FormatError(`Cannot use ${name} as a sidecar: ${why}`, { file: name, cause });
  };
  const { parse } = await import("@std/yaml");
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    return refuse(`it is no YAML (${(cause as Error).message.split("\n")[0]})`, cause);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return refuse("it says no dtype");
  }
  const said = new Map(Object.entries(content));
  const dtype = said.get("dtype") ?? refuse("it says no dtype");
  if (typeof dtype !== "string") return refuse(`its dtype is ${JSON.stringify(dtype)}`);
  if (!said.has("n_channels")) refuse("it says no n_channels");
  const count = (key: string, least: number): number | null => {
    const value = said.get(key) ?? null;
    if (value === null || (Number.isSafeInteger(value) && (value as number) >= least)) return value as number | null;
    return refuse(`its ${key} is ${typeof value === "string" ? value : JSON.stringify(value)}`);
  };
  // YASS' own standardized.yaml says no order: it is that of samples.
  const word = said.get("data_order") ?? said.get("data_format") ?? "samples";
  const rate = said.get("sampling_rate") ?? null;
  if (rate !== null && !(typeof rate === "number" && rate > 0 && Number.isFinite(rate))) {
    refuse(`its sampling_rate is ${JSON.stringify(rate)}`);
  }
  return {
    dtype,
    nChannels: count("n_channels", 1),
    order: orderOf(word) ?? refuse(`its data_order is ${typeof word === "string" ? word : JSON.stringify(word)}`),
    observations: count("observations", 0),
    samplingRate: rate as number | null,
    making: said.get("making") ?? null,
  };
}

/**
 * YASS' sidecar as text. Its first three lines are, byte by byte, all that YASS writes.
 *
 * @param sidecar What the flat file holds
 */
export async function encodeYassSidecar(
  sidecar: Omit<YassSidecar, "nChannels"> & { readonly nChannels: number },
): Promise<string> {
  const { dtype, nChannels, order, observations, samplingRate, making } = sidecar;
  const lines = [
    `data_order: ${order === "C" ? "samples" : "channels"}`,
    `dtype: ${dtype}`,
    `n_channels: ${nChannels}`,
  ];
  const more = {
    ...(observations === null ? {} : { observations }),
    ...(samplingRate === null ? {} : { sampling_rate: samplingRate }),
    ...(making === null ? {} : { making }),
  };
  if (Object.keys(more).length > 0) {
    const { stringify } = await import("@std/yaml");
    lines.push(stringify(more).trimEnd());
  }
  return `${lines.join("\n")}\n`;
}
