/**
 * Which files a legacy Open Ephys recording has: those in its folder, or, where that can't be listed, those that its structure
 * names.
 *
 * @module
 */

import type { RecordingFiles } from "../../../files/recording_files.ts";

/** Files of a recording, by kind. */
export interface LegacyFiles {
  readonly continuous: readonly string[];
  readonly events: readonly string[];
  readonly messages: readonly string[];
  readonly spikes: readonly string[];
}

/** What a file's name says. */
export interface LegacyName {
  /** Id of its processor. */
  readonly processor: string;
  /** Name of its stream, since 0.6. */
  readonly stream: string;
  /** What it is called. */
  readonly channel: string;
  /** Number of the experiment. */
  readonly experiment: number;
  /** Number of the recording, where each has a file of its own; else -1. */
  readonly part: number;
}

/** Experiments that are looked for where a folder can't be listed. */
const MOST_EXPERIMENTS = 1000;

/**
 * Finds the files.
 *
 * @param files The source
 */
export async function findLegacyFiles(files: RecordingFiles): Promise<LegacyFiles> {
  const names = await files.list() ?? await namedFiles(files);
  const of = (ending: string) => names.filter((name) => name.toLowerCase().endsWith(ending)).sort();
  const events = of(".events");
  return {
    continuous: of(".continuous"),
    events: events.filter((name) => !/^messages(_\d+)?\.events$/i.test(name)),
    messages: events.filter((name) => /^messages(_\d+)?\.events$/i.test(name)),
    spikes: of(".spikes"),
  };
}

/** Files that structures name, and those that every recording has, experiment by experiment. */
async function namedFiles(files: RecordingFiles): Promise<string[]> {
  const found = new Set<string>();
  for (let experiment = 1; experiment <= MOST_EXPERIMENTS; experiment++) {
    const suffix = experiment === 1 ? "" : `_${experiment}`;
    const structure = await files.find(`structure${suffix}.openephys`) ??
      await files.find(`Continuous_Data${suffix}.openephys`);
    if (structure === null) break;
    for (const name of fileNames(await structure.text())) found.add(name);
    for (const name of [`all_channels${suffix}.events`, `messages${suffix}.events`]) found.add(name);
  }
  if (files.fileName !== "" && !/\.(openephys|xml)$/i.test(files.fileName)) found.add(files.fileName);
  const there = await Promise.all([...found].map(async (name) => await files.find(name) === null ? [] : [name]));
  return there.flat();
}

/** The names in a structure's attributes `filename`. */
function fileNames(xml: string): string[] {
  return [...xml.matchAll(/\bfilename\s*=\s*(?:"([^"<]{1,255})"|'([^'<]{1,255})')/g)].map((found) =>
    unescapeXml(found[1] ?? found[2]!)
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
}

/**
 * What a name says: `100_CH1.continuous`, `100_CH1_2.continuous` of experiment 2, and, with a file for each recording,
 * `100_CH1_0.continuous`, `100_CH1_2_0.continuous`; since 0.6 a stream stands between, `100_example-data_CH1.continuous`.
 *
 * @param path The file's name
 * @param version Version of the format, of its header
 */
export function parseLegacyName(path: string, version: number): LegacyName {
  const parts = path.split("/").at(-1)!.replace(/\.[^.]*$/, "").split("_");
  const least = version >= 0.6 ? 3 : 2;
  const numbers: number[] = [];
  while (parts.length > least && numbers.length < 2 && /^\d{1,6}$/.test(parts.at(-1)!)) {
    numbers.unshift(Number(parts.pop()));
  }
  const [first] = numbers;
  // Experiments are numbered from 2 on: the first has no number. What is less is a recording, and so is a second number.
  const isPart = numbers.length === 2 || first !== undefined && first < 2;
  const experiment = numbers.length === 2 || !isPart ? first ?? 1 : 1;
  const [processor = "", ...rest] = parts;
  const channel = version >= 0.6 && rest.length > 1 ? rest.at(-1)! : rest.join("_");
  const stream = version >= 0.6 && rest.length > 1 ? rest.slice(0, -1).join("_") : "";
  return {
    processor,
    stream,
    channel: channel === "" ? processor : channel,
    experiment,
    part: isPart ? numbers.at(-1)! : -1,
  };
}

/** The experiment of a file whose name has no other numbers behind `_`: `all_channels_2.events`, `STp106.0n0_2.spikes`. */
export function splitExperiment(path: string): { readonly name: string; readonly experiment: number } {
  const stem = path.split("/").at(-1)!.replace(/\.[^.]*$/, "");
  const found = /^(.+)_(\d{1,6})$/.exec(stem);
  return found === null ? { name: stem, experiment: 1 } : { name: found[1]!, experiment: Number(found[2]) };
}
