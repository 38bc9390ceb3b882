/**
 * Digital lines of Intan's recordings as epochs, from a line's rising to its falling, and notes as events. Lines are scanned
 * when the first of them is asked for.
 *
 * @module
 */

import {
  type LineChanges,
  lineChanges,
  scanWords,
  type WordChanges,
  wordChangesFrom,
  wordChangesIndex,
} from "../../bit_changes.ts";
import type { RecordingFile } from "../../files/recording_files.ts";
import type { EventParts, FormatOptions, PartsReadOptions } from "../../format.ts";
import type { Section } from "../../gaps.ts";
import type { EventChannel } from "../../header.ts";
import type { IntanData, IntanLine, IntanWords } from "./signals.ts";

/** What events of a recording are made of. */
export class IntanEvents {
  /** Digital lines in the order of the header, and notes. */
  readonly channels: readonly EventChannel[];
  readonly #lines: readonly { readonly words: IntanWords; readonly line: IntanLine }[];
  readonly #notes: RecordingFile | null;
  readonly #options: FormatOptions;
  readonly #name: string;
  readonly #scans = new Map<IntanWords, Promise<WordChanges>>();
  readonly #data: IntanData;

  /**
   * @param data What the recording holds
   * @param notes The file of notes, where there is one
   * @param options Of the recording: progress, what was scanned before
   * @param name What messages call it
   */
  constructor(data: IntanData, notes: RecordingFile | null, options: FormatOptions, name: string) {
    this.#data = data;
    this.#lines = data.words.flatMap((words) => words.lines.map((line) => ({ words, line })));
    this.#notes = notes;
    this.#options = options;
    this.#name = name;
    this.channels = [
      ...this.#lines.map(({ line: { name, id } }): EventChannel => ({ name, id, type: "epoch" })),
      ...(notes === null ? [] : [{ name: "Notes", id: "notes", type: "event" } as const]),
    ];
  }

  /** What happens on a channel in a section. */
  async read(
    channel: number,
    section: Section,
    sections: readonly Section[],
    samplingRate: number,
    options: PartsReadOptions,
  ): Promise<EventParts> {
    const found = this.#lines[channel];
    if (found === undefined) return await this.#readNotes(section, sections, samplingRate, options);
    const { words, line } = found;
    const { rows, ends } = highsOf(lineChanges(await this.#scan(words, options), line.bit), section);
    return {
      timestamps: rows.map((row) => section.first + row - section.start),
      durations: ends.map((end, i) => end - rows[i]!),
      labels: Array.from(rows, () => line.name),
      ticksPerSecond: samplingRate,
    };
  }

  /** All that was or can be scanned. */
  async index(options: PartsReadOptions): Promise<Record<string, unknown>> {
    const words: Record<string, unknown> = {};
    for (const word of this.#data.words) words[word.name] = wordChangesIndex(await this.#scan(word, options));
    return words;
  }

  #scan(words: IntanWords, { signal }: PartsReadOptions): Promise<WordChanges> {
    const known = this.#scans.get(words);
    if (known !== undefined) return known;
    const name = `${this.#name}, ${words.name}`;
    const before = wordsOfIndex(this.#options.index)?.[words.name];
    const scan = before !== undefined
      ? Promise.resolve().then(() => wordChangesFrom(before, words.array.shape[0]!, name))
      : scanWords(words.array, { name, signal, onProgress: this.#options.onProgress });
    this.#scans.set(words, scan);
    // One that was aborted is begun again.
    scan.catch(() => this.#scans.delete(words));
    return scan;
  }

  async #readNotes(
    section: Section,
    sections: readonly Section[],
    ticksPerSecond: number,
    { signal }: PartsReadOptions,
  ): Promise<EventParts> {
    const text = this.#notes === null ? "" : await this.#notes.text(signal);
    // Samples are counted from the first that was recorded, which a trigger may have made a negative one.
    const origin = Math.min(0, sections[0]!.first);
    const notes = text.split(/\r?\n/).flatMap((line) => {
      const [, count, label] = /^(\d{1,15}), \d+:\d\d:\d\d, ?(.*)$/.exec(line) ?? [];
      return count === undefined ? [] : [{ tick: Number(count) + origin, label: label! }];
    }).filter(({ tick }) => sectionOf(tick, sections) === section);
    return {
      timestamps: Float64Array.from(notes, ({ tick }) => tick),
      durations: null,
      labels: notes.map(({ label }) => label),
      ticksPerSecond,
    };
  }
}

/** Where a line is on in a section: samples at which it goes on, and is off again. What is cut by the section's ends counts. */
function highsOf({ initial, rows, firstIsOn }: LineChanges, { start, stop }: Section) {
  const on: number[] = [];
  const off: number[] = [];
  let isOn = initial;
  let since = 0;
  const close = (end: number) => {
    const from = Math.max(since, start);
    const to = Math.min(end, stop);
    if (isOn && to > from) {
      on.push(from);
      off.push(to);
    }
  };
  rows.forEach((row, i) => {
    close(row);
    isOn = i % 2 === 0 ? firstIsOn : !firstIsOn;
    since = row;
  });
  close(Infinity);
  return { rows: Float64Array.from(on), ends: Float64Array.from(off) };
}

/** The section that a time lies in; between two the one before, so that no note is lost. */
function sectionOf(tick: number, sections: readonly Section[]): Section {
  return sections.findLast(({ first }) => tick >= first) ?? sections[0]!;
}

function wordsOfIndex(index: unknown): Readonly<Record<string, unknown>> | undefined {
  const { words } = (index ?? {}) as { words?: unknown };
  return typeof words === "object" && words !== null ? words as Record<string, unknown> : undefined;
}
