/**
 * Formats of recordings that are known and aren't read: told by what files begin with, what lies in a folder, or what they are
 * called, so that an error can name them.
 *
 * @module
 */

import { UnsupportedError } from "../../source/errors.ts";
import type { RecordingProbe } from "../format.ts";

/** A format that isn't read. */
export interface UnreadFormat {
  /** What it is called, such as `plexon`. */
  readonly name: string;
  /** The name of neo's class, such as `PlexonIO`. */
  readonly ioName: string;
  /** What it is, in words that go behind "it is". */
  readonly description: string;
  /** How its files' names end, in lower case; those that others use too are left to the bytes. */
  readonly extensions: readonly string[];
  /** Whether a file's first bytes, or files of certain names beside it, say so. */
  readonly isFile?: ((probe: RecordingProbe) => boolean) | undefined;
  /** Whether names in a folder say so; by default one of its extensions does. */
  readonly isFolder?: ((names: readonly string[]) => boolean) | undefined;
  /** What opens it, where its maker's own program is all that does. */
  readonly opener?: string | undefined;
}

const HDF5 = "\x89HDF\r\n\x1a\n";

/** A format; `isFile` and `isFolder` are what tells it. */
function unread(
  name: string,
  ioName: string,
  description: string,
  extensions: readonly string[],
  told: Pick<UnreadFormat, "isFile" | "isFolder" | "opener"> = {},
): UnreadFormat {
  return { name, ioName, description, extensions, ...told };
}

/** Whether a file begins with one of some texts. */
function starts(...texts: readonly string[]): (probe: RecordingProbe) => boolean {
  return ({ headText }) => texts.some((text) => headText.startsWith(text));
}

/** Whether a file's first thousand bytes look like this, as text of one character for each byte. */
function looks(...patterns: readonly RegExp[]): (probe: RecordingProbe) => boolean {
  return ({ headText }) => patterns.every((pattern) => pattern.test(headText));
}

/** Whether an HDF5 file has such names among its first. */
function hdf5With(...names: readonly string[]): (probe: RecordingProbe) => boolean {
  return ({ headText }) => headText.startsWith(HDF5) && names.every((name) => headText.includes(name));
}

/** Whether a file of another name lies beside one that is called so; what has a sidecar is a raw file. */
function beside(own: RegExp, other: (stem: string, fileName: string) => string): (probe: RecordingProbe) => boolean {
  return ({ fileName, names }) =>
    names !== null && own.test(fileName) && names.includes(other(fileName.replace(/\.[^.]*$/, ""), fileName)) &&
    !names.includes(`${fileName}.json`);
}

function anyOf(...tests: readonly ((probe: RecordingProbe) => boolean)[]): (probe: RecordingProbe) => boolean {
  return (probe) => tests.some((test) => test(probe));
}

/**
 * In this order they are asked: what looks closer stands before what doesn't. A function, so that bundles without a use for it
 * drop it.
 */
export const unreadFormats = (): readonly UnreadFormat[] => [
  unread("axon", "AxonIO", "an Axon binary file (ABF)", ["abf"], { isFile: starts("ABF ", "ABF2") }),
  unread("neuralynx", "NeuralynxIO", "a Neuralynx recording", ["ncs", "nse", "ntt", "nvt", "nrd"], {
    isFile: starts("######## Neuralynx"),
  }),
  unread(
    "blackrock",
    "BlackrockIO",
    "a Blackrock recording (NSx, NEV)",
    ["ns1", "ns2", "ns3", "ns4", "ns5", "ns6", "nev"],
    { isFile: starts("NEURALEV", "NEURALSG", "NEURALCD", "BREVENTS", "BRSMPGRP") },
  ),
  unread("plexon", "PlexonIO", "a Plexon recording (PLX)", ["plx"], { isFile: starts("PLEX") }),
  unread("plexon2", "Plexon2IO", "a Plexon 2 recording (PL2)", ["pl2"], { opener: "Plexon's own library" }),
  unread("neuroexplorer", "NeuroExplorerIO", "a NeuroExplorer file (NEX)", ["nex", "nex5"], {
    isFile: starts("NEX1", "NEX5"),
  }),
  unread("neuroscope", "NeuroScopeIO", "a NeuroScope recording", ["lfp", "fil"], {
    isFile: anyOf(
      looks(/^\s*<\?xml/, /<parameters\b[^>]*\bcreator="(neuroscope|ndManager)|<acquisitionSystem>/i),
      beside(/\.(dat|eeg|lfp|fil)$/i, (stem) => `${stem}.xml`),
    ),
    isFolder: (names) =>
      names.some((name) => /\.xml$/i.test(name) && names.some((other) => isSignalOf(other, name.slice(0, -4)))),
  }),
  unread("elan", "ElanIO", "an Elan recording", ["ent"], {
    isFile: beside(/\.eeg$/i, (_, fileName) => `${fileName}.ent`),
    isFolder: (names) => names.some((name) => /\.eeg\.ent$/i.test(name)),
  }),
  // WinWCP and WinEDR both begin with their version; what is counted in blocks of 512 bytes is WinWCP's.
  unread("winwcp", "WinWcpIO", "a WinWCP recording", ["wcp"], { isFile: looks(/^VER=\s*\d/, /[\r\n]NB[AD]=/) }),
  unread("winedr", "WinEdrIO", "a WinEDR recording", ["edr"], {
    isFile: looks(/^VER=\s*\d/, /[\r\n](NP|NBH|YN0|AD)=/),
  }),
  unread("rawmcs", "RawMCSIO", "a raw file of Multi Channel Systems' MC_DataTool", [], {
    isFile: anyOf(starts("MC_DataTool binary"), looks(/^[\x20-\x7e\r\n\t\xb5]+EOH\r\n/)),
  }),
  unread("spikegadgets", "SpikeGadgetsIO", "a SpikeGadgets recording (Trodes)", ["rec"], {
    isFile: looks(/^\s*(<\?xml[^>]*>\s*)?(<!DOCTYPE[^>]*>\s*)?<Configuration\b/),
  }),
  unread("neuronexus", "NeuroNexusIO", "a NeuroNexus recording (XDAT)", ["xdat"], {
    isFile: anyOf(
      looks(/^\s*\{/, /"sapiens_base"|"biointerface_map"/),
      ({ fileName }) => /\.xdat\.json$/i.test(fileName),
    ),
    isFolder: (names) => names.some((name) => /\.xdat(\.json)?$/i.test(name)),
  }),
  unread("phy", "PhyIO", "the result of a sorting for Phy", [], {
    isFolder: (names) =>
      names.includes("spike_times.npy") &&
      ["params.py", "spike_clusters.npy", "spike_templates.npy"].some((name) => names.includes(name)),
  }),
  unread("biocam", "BiocamIO", "a 3Brain BioCAM recording", ["brw", "bxr"], { isFile: hdf5With("3BData") }),
  unread("maxwell", "MaxwellIO", "a MaxWell recording", ["raw.h5"]),
  unread("mearec", "MEArecIO", "a recording simulated by MEArec", [], {
    isFile: hdf5With("recordings", "spiketrains"),
  }),
  unread("nix", "NixIO", "a NIX file", ["nix"], {}),
  unread("axona", "AxonaIO", "an Axona recording", ["set", "egf", "eeg2"], {
    isFile: anyOf(starts("ADU1", "ADU2"), looks(/^trial_date /)),
  }),
  unread("axograph", "AxographIO", "an AxoGraph file", ["axgd", "axgx"], { isFile: starts("AxGr", "axgx") }),
  unread("bci2000", "BCI2000IO", "a BCI2000 recording", [], {
    isFile: looks(/^(BCI2000V\s*=|HeaderLen\s*=)/, /SourceCh\s*=|StatevectorLen/),
  }),
  unread("alphaomega", "AlphaOmegaIO", "an AlphaOmega recording", ["mpx", "lsx"]),
  unread("tdt", "TdtIO", "a TDT tank", ["tsq", "tbk", "tev", "tdx", "tin", "tnt", "sev"], {
    // Behind the size stands the kind, and its version.
    isFile: ({ head, headText }) => headText.slice(8, 11) === "SEV" && head[11] !== undefined && head[11] < 10,
    isFolder: (names) => names.some((name) => /\.(tsq|tbk|tev|sev)$/i.test(name)),
  }),
  unread("spike2", "Spike2IO", "a Spike2 file of CED's (SON)", ["smr", "son"], {
    isFile: looks(/^[^]{2}\(C\) CED 87/),
  }),
  unread("ced", "CedIO", "a file of CED's 64-bit Spike2 (SMRX)", ["smrx"], { opener: "CED's own library" }),
  unread("med", "MedIO", "a MED session", ["medd", "rdat", "ridx"], {
    isFolder: (names) => names.some((name) => /\.(medd|ticd|rdat)\/?$/i.test(name)),
    opener: "dhn-med",
  }),
  unread("igor", "IgorIO", "an Igor Pro file", ["ibw", "pxp"]),
  unread("kwik", "KwikIO", "a Kwik file of KlustaSuite's", ["kwik", "kwd", "kwx"]),
  unread("brainware", "BrainwareSrcIO", "a BrainWare file", ["src", "dam"]),
];

/** Whether a file of NeuroScope's is called by the name of its description. */
function isSignalOf(fileName: string, stem: string): boolean {
  return [".dat", ".eeg", ".lfp", ".fil"].some((ending) => fileName === stem + ending) ||
    fileName.startsWith(`${stem}.clu.`);
}

/** A format that isn't read, and how that is known. */
export interface FoundUnread {
  /** The format. */
  readonly format: UnreadFormat;
  /** Whether nothing but the name says so. */
  readonly isByName: boolean;
}

/**
 * The format that isn't read, and that a source is of: by its first bytes and what lies beside it, or in the folder.
 *
 * @param probe What is known of the source
 * @returns The format, or `undefined` where nothing says so
 */
export function unreadByContent(probe: RecordingProbe): FoundUnread | undefined {
  const { isFolder, names } = probe;
  const format = unreadFormats().find((one) => {
    if (!isFolder) return one.isFile?.(probe) ?? false;
    return names !== null && (one.isFolder?.(names) ?? names.some((name) => endsLike(name, one)));
  });
  return format === undefined ? undefined : { format, isByName: false };
}

/** The format that isn't read, and that a file is of by its name alone. */
export function unreadByName({ fileName, isFolder }: RecordingProbe): FoundUnread | undefined {
  const format = isFolder ? undefined : unreadFormats().find((one) => endsLike(fileName, one));
  return format === undefined ? undefined : { format, isByName: true };
}

function endsLike(fileName: string, { extensions }: UnreadFormat): boolean {
  const name = fileName.toLowerCase().replace(/\/$/, "");
  return extensions.some((extension) => name.endsWith(`.${extension}`));
}

/** The error that names it. */
export function unreadError(name: string, { format, isByName }: FoundUnread): UnsupportedError {
  const { description, opener } = format;
  const which = isByName ? `by its name it is ${description}` : `it is ${description}`;
  const more = opener === undefined ? "" : `; only ${opener} opens it`;
  return new UnsupportedError(`Cannot open ${name}: ${which}, which isn't read yet${more}`, {
    file: name,
    object: format.name,
  });
}
