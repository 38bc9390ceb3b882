/**
 * The channels of a SpikeGLX file: which are saved, what they are called, what one step of them is worth.
 *
 * @module
 */

import type { ChannelParts } from "../../format.ts";
import { type Site, sitesOf } from "./geometry.ts";
import type { Meta } from "./meta.ts";
import { FAMILIES, familyOf, gainsOf, readoutTable, turnsOf } from "./probes.ts";

/** What a file is of. */
export type FileKind = "imec" | "nidq" | "obx";

/** A word of digital lines. */
export interface DigitalWord {
  /** Its column in the file. */
  readonly column: number;
  /** Lines that mean something: what they are called, and which bit of the word they are. */
  readonly lines: readonly { readonly name: string; readonly bit: number }[];
}

/** The channels of a file, in the order of its columns: first the signals, at the end the sync words. */
export interface FileChannels {
  /** What the file is of. */
  readonly kind: FileKind;
  /** Samples per second. */
  readonly rate: number;
  /** Analog channels and digital words. */
  readonly signals: readonly ChannelParts[];
  /** Sync words: none, one, or of quad base probes one for each shank. */
  readonly sync: readonly ChannelParts[];
  /** The digital words among the signals. */
  readonly words: readonly DigitalWord[];
}

/** Keys by what a file is of. */
const KEYS = {
  imec: { saved: "snsApLfSy", acquired: "acqApLfSy", names: ["AP", "LF", "SY"], rate: "imSampRate" },
  nidq: { saved: "snsMnMaXaDw", acquired: "acqMnMaXaDw", names: ["MN", "MA", "XA", "XD"], rate: "niSampRate" },
  obx: { saved: "snsXaDwSy", acquired: "acqXaDwSy", names: ["XA", "XD", "SY"], rate: "obSampRate" },
} as const;

/** A saved channel, before it is known what it is worth. */
interface SavedChannel {
  /** AP, LF, SY, MN, MA, XA, XD. */
  readonly type: string;
  /** Which of its type it is, among the acquired ones. */
  readonly number: number;
  /** Which of its type it is, among the saved ones. */
  readonly place: number;
  readonly name: string;
}

/**
 * The channels of a file.
 *
 * @param meta What its `.meta` says
 * @param stream The stream's name, which begins the channels' ids
 * @param warn Told of what is odd
 * @throws {CorruptFileError} If the `.meta` contradicts itself, or lacks what is needed
 */
export function channelsOf(meta: Meta, stream: string, warn: (message: string) => void): FileChannels {
  const kind = kindOf(meta);
  const rate = meta.needed(KEYS[kind].rate);
  const saved = savedChannels(meta, kind, warn);
  const worth = kind === "imec" ? probeWorth(meta, saved, warn) : boardWorth(meta, kind);
  const channels = saved.map((channel): ChannelParts => ({
    name: channel.name,
    id: `${stream}#${channel.name}`,
    samplingRate: rate,
    offset: 0,
    ...(channel.type === "SY" ? { units: "", gain: 1 } : worth(channel)),
  }));
  const isSync = (_: unknown, column: number) => saved[column]!.type === "SY";
  return {
    kind,
    rate,
    signals: channels.filter((_, column) => !isSync(_, column)),
    sync: channels.filter(isSync),
    words: saved.flatMap((channel, column) =>
      channel.type === "XD" ? [{ column, lines: linesOf(meta, kind, channel.number) }] : []
    ),
  };
}

/** What a file is of. */
export function kindOf(meta: Meta): FileKind {
  const type = meta.text("typeThis");
  if (type === "imec" || type === "nidq" || type === "obx") return type;
  if (type !== undefined) return meta.refuse("typeThis", "expected imec, nidq or obx");
  const found = (["imec", "nidq", "obx"] as const).find((kind) => meta.text(KEYS[kind].saved) !== undefined);
  return found ?? meta.refuse("typeThis", "expected imec, nidq or obx");
}

/** The saved channels in the order of the file, which is that of their acquisition. */
function savedChannels(meta: Meta, kind: FileKind, warn: (message: string) => void): SavedChannel[] {
  const { saved: savedKey, acquired: acquiredKey, names } = KEYS[kind];
  const counts = meta.counts(savedKey, names.length) ?? meta.refuse(savedKey, "expected counts of channels");
  const total = counts.reduce((sum, count) => sum + count, 0);
  const claimed = meta.number("nSavedChans");
  if (claimed !== undefined && claimed !== total) {
    meta.refuse("nSavedChans", `${savedKey} says that there are ${total}`);
  }
  if (total === 0) meta.refuse(savedKey, "expected at least one channel");
  const acquired = meta.counts(acquiredKey, names.length) ?? counts;
  const starts = acquired.map((_, type) => acquired.slice(0, type).reduce((sum, count) => sum + count, 0));
  const all = acquired.reduce((sum, count) => sum + count, 0);
  const subset = meta.ranges("snsSaveChanSubset", all);
  const isAll = /^all$/i.test(meta.text("snsSaveChanSubset") ?? "all");
  const fits = subset?.length === total;
  if (subset !== undefined && !fits && !isAll) {
    warn(`${meta.file}: snsSaveChanSubset lists ${subset.length} channels, ${total} are saved; it isn't used`);
  }
  const found = counts.flatMap((count, type) =>
    Array.from({ length: count }, (_, place) => {
      const column = counts.slice(0, type).reduce((sum, n) => sum + n, 0) + place;
      const number = fits ? subset[column]! - starts[type]! : place;
      // Tools that cut files down count anew.
      const isOfType = number >= 0 && number < Math.max(acquired[type]!, count);
      return { type: names[type]!, number: isOfType ? number : place, place };
    })
  );
  const called = chosenNames(meta, found, fits ? subset : undefined);
  return found.map((channel, column) => ({ ...channel, name: called[column]! }));
}

/** Names by the channel map, else made ones. */
function chosenNames(
  meta: Meta,
  channels: readonly { readonly type: string; readonly number: number }[],
  subset: readonly number[] | undefined,
): string[] {
  const entries = meta.list("snsChanMap")?.entries ?? [];
  const parsed = entries.map((entry) => /^\s*([^;]*?)\s*;\s*(\d+)/.exec(entry));
  // Maps have entries for saved channels only; where there are more, the number behind the name tells which.
  const byNumber = new Map(parsed.flatMap((match) => match === null ? [] : [[Number(match[2]), match[1]!] as const]));
  const names = channels.map((_, column) =>
    entries.length === channels.length ? parsed[column]?.[1] : byNumber.get(subset?.[column] ?? -1)
  );
  const isUsable = names.every(Boolean) && new Set(names).size === names.length;
  return isUsable ? names as string[] : channels.map(({ type, number }) => `${type}${number}`);
}

type Worth = (channel: SavedChannel) => Pick<ChannelParts, "units" | "gain" | "annotations">;

/** Channels of a probe, in microvolts. */
function probeWorth(meta: Meta, saved: readonly SavedChannel[], warn: (message: string) => void): Worth {
  const family = familyOf(meta, warn);
  const step = meta.needed("imAiRangeMax") / (meta.positive("imMaxInt") ?? FAMILIES[family].maxInt);
  const gains = gainsOf(meta, family);
  const turns = { AP: turnsOf(meta, family, "ap"), LF: turnsOf(meta, family, "lf") };
  const sites = sitesOf(meta);
  const table = readoutTable(meta);
  const count = { AP: 0, LF: 0 };
  for (const { type } of saved) if (type === "AP" || type === "LF") count[type]++;
  return ({ type, number, place }) => {
    const band = type as "AP" | "LF";
    const gain = band === "AP" ? gains.ap(number) : gains.lf(number);
    if (!(gain > 0)) meta.refuse("imroTbl", `expected a gain above 0 of channel ${number}`);
    // One site for each saved channel, or for each acquired one.
    const site: Site | undefined = sites.length === count[band] ? sites[place] : sites[number];
    const turn = turns[band](number);
    const entry = table.get(number);
    // Of probes with one gain: channel, (shank,) bank, reference, electrode.
    const electrode = FAMILIES[family].gain === null ? undefined : entry?.at(-1);
    return {
      units: "uV",
      gain: step / gain * 1e6,
      annotations: {
        channel: number,
        ...site,
        ...(Number.isFinite(electrode) ? { electrode } : {}),
        ...(turn === undefined ? {} : { adc: turn.adc, interSampleShift: turn.shift }),
      },
    };
  };
}

/** Channels of a board, in volts. Digital words have the scale of the others, as neo gives them: their raw values count. */
function boardWorth(meta: Meta, kind: "nidq" | "obx"): Worth {
  const [range, most] = kind === "nidq" ? ["niAiRangeMax", "niMaxInt"] : ["obAiRangeMax", "obMaxInt"];
  const step = meta.needed(range!) / (meta.positive(most!) ?? 32768);
  return ({ type, number }) => {
    const key = type === "MN" ? "niMNGain" : type === "MA" ? "niMAGain" : undefined;
    const gain = key === undefined ? 1 : meta.positive(key) ?? 1;
    return { units: "V", gain: step / gain, annotations: { channel: number, isDigital: type === "XD" } };
  };
}

/** Lines of a word: sixteen a word, in the order of the bits; those of a second device stand behind the first one's bytes. */
function linesOf(meta: Meta, kind: FileKind, word: number): DigitalWord["lines"] {
  // A OneBox compares all of its twelve inputs with a threshold.
  if (kind === "obx") return Array.from({ length: 12 }, (_, bit) => ({ name: `XD${bit}`, bit }));
  const bytes = meta.number("niXDBytes1") ?? 0;
  const first = meta.ranges("niXDChans1", 0);
  const second = meta.ranges("niXDChans2", 0)?.map((line) => line + 8 * bytes);
  const all = 8 * (bytes + (meta.number("niXDBytes2") ?? 0));
  const lines = first === undefined && second === undefined
    ? Array.from({ length: 16 }, (_, bit) => 16 * word + bit).filter((line) => all === 0 || line < all)
    : [...first ?? [], ...second ?? []];
  return [...new Set(lines)].filter((line) => Math.floor(line / 16) === word).sort((a, b) => a - b)
    .map((line) => ({ name: `XD${line}`, bit: line % 16 }));
}
