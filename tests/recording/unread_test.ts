// Formats that are known and aren't read: errors name them.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import type { RecordingProbe } from "../../src/recording/format.ts";
import { unreadByContent, unreadByName, unreadFormats } from "../../src/recording/formats/unread.ts";
import { RECORDING_FORMATS } from "../../src/recording/formats/registry.ts";
import { openRecording } from "../../src/recording/mod.ts";
import { UnsupportedError } from "../../src/source/errors.ts";
import { CORPUS } from "../corpus/find.ts";

function probeOf(fileName: string, headText = "", names: readonly string[] | null = null): RecordingProbe {
  const head = Uint8Array.from(headText, (one) => one.charCodeAt(0));
  return { fileName, headText, head, names, isFolder: false, byteLength: head.length };
}

function folderOf(...names: string[]): RecordingProbe {
  return { ...probeOf("", "", names), isFolder: true };
}

const HDF5 = "\x89HDF\r\n\x1a\n";

/** For each format sources that show it, without a name that helps. */
const SHOWN: Readonly<Record<string, readonly RecordingProbe[]>> = {
  axon: [probeOf("x", "ABF \x66\x66"), probeOf("x.dat", "ABF2\0\0"), folderOf("a.abf", "b.abf")],
  neuralynx: [probeOf("x", "######## Neuralynx Data File Header\r\n"), folderOf("CSC1.ncs", "Events.nev")],
  blackrock: [
    ...["NEURALEV", "NEURALSG", "NEURALCD", "BREVENTS", "BRSMPGRP"].map((text) => probeOf("x.nev", text)),
    folderOf("a.nev", "a.ns5"),
  ],
  plexon: [probeOf("x", "PLEX\x65\0\0\0"), folderOf("a.plx")],
  plexon2: [folderOf("a.pl2")],
  neuroexplorer: [probeOf("x", "NEX1"), probeOf("x", "NEX5")],
  neuroscope: [
    probeOf("x.xml", '<?xml version="1.0"?>\n<parameters version="1.0" creator="neuroscope-2.0">'),
    probeOf("x.xml", "<?xml version='1.0'?>\n<parameters><acquisitionSystem>"),
    probeOf("a.dat", "\0\x01", ["a.dat", "a.xml"]),
    folderOf("a.xml", "a.lfp"),
  ],
  elan: [probeOf("a.eeg", "", ["a.eeg", "a.eeg.ent"]), folderOf("a.eeg", "a.eeg.ent")],
  winwcp: [probeOf("x", "VER=9\r\nCTIME=1/1/2020\r\nNC=2\r\nNBH=2\r\nNBA=2\r\nNBD=16\r\n")],
  winedr: [probeOf("x", "VER=6.4\r\nCTIME=1/1/2020\r\nNC=2\r\nNP=1000\r\nNBH=2048\r\n")],
  rawmcs: [
    probeOf("x.raw", "MC_DataTool binary conversion\r\n"),
    probeOf("x.raw", "Sample rate = 20000\r\nEOH\r\n\x01\x02"),
  ],
  spikegadgets: [probeOf("x", '<?xml version="1.0"?>\n<Configuration>'), folderOf("a.rec")],
  neuronexus: [probeOf("x.json", '{"sapiens_base": {}}'), probeOf("a.xdat.json", "{"), folderOf("a_data.xdat")],
  phy: [folderOf("params.py", "spike_times.npy"), folderOf("spike_times.npy", "spike_clusters.npy")],
  biocam: [probeOf("x.h5", `${HDF5}TREE 3BRecInfo 3BData`)],
  maxwell: [folderOf("data.raw.h5")],
  mearec: [probeOf("x.h5", `${HDF5}info recordings spiketrains`)],
  nix: [folderOf("a.nix")],
  axona: [probeOf("x.bin", "ADU1\0"), probeOf("a.1", "trial_date Sunday, 4 Oct 2020\r\n"), folderOf("a.set", "a.1")],
  axograph: [probeOf("x", "AxGr\0\x01"), probeOf("x", "axgx\0\0")],
  bci2000: [
    probeOf("x.dat", "HeaderLen= 4000 SourceCh= 8 StatevectorLen= 3\r\n"),
    probeOf("x.dat", "BCI2000V= 1.1 HeaderLen= 4000 SourceCh= 8\r\n"),
  ],
  alphaomega: [folderOf("a.mpx")],
  tdt: [
    folderOf("b.tsq", "b.tev"),
    probeOf("x", "\x01\x02\x03\x04\x05\x06\x07\0SEV\x03RSn1"),
    folderOf("b_RSn1_ch1.sev"),
  ],
  spike2: [probeOf("x", "\x06\0(C) CED 87")],
  ced: [folderOf("a.smrx")],
  med: [folderOf("a.ticd/", "b.ticd/"), folderOf("s.medd/")],
  igor: [folderOf("a.ibw")],
  kwik: [folderOf("a.kwik", "a.kwx")],
  brainware: [folderOf("a.src")],
};

Deno.test("each format of the table is told by bytes or by what lies in a folder", () => {
  assert.deepEqual(Object.keys(SHOWN).sort(), unreadFormats().map(({ name }) => name).sort());
  for (const [name, probes] of Object.entries(SHOWN)) {
    for (const probe of probes) {
      const found = unreadByContent(probe);
      assert.equal(found?.format.name, name, JSON.stringify([probe.fileName, probe.headText, probe.names]));
      for (const format of RECORDING_FORMATS) assert.ok(!format.recognises(probe), `${format.name} takes ${name}`);
    }
  }
});

Deno.test("each extension tells its one format, and none is that of a format that is read", () => {
  const all = unreadFormats().flatMap(({ name, extensions }) =>
    extensions.map((extension) => [extension, name] as const)
  );
  assert.equal(new Set(all.map(([extension]) => extension)).size, all.length);
  const read = new Set(RECORDING_FORMATS.flatMap(({ extensions }) => extensions.map((one) => one.replace(/^\./, ""))));
  for (const [extension, name] of all) {
    assert.ok(!read.has(extension), extension);
    assert.equal(unreadByName(probeOf(`A.${extension.toUpperCase()}`))?.format.name, name);
  }
  assert.equal(unreadByName(probeOf("a.txt")), undefined);
  // With a sidecar it is a raw file, whatever lies beside it.
  assert.equal(unreadByContent(probeOf("a.dat", "", ["a.dat", "a.dat.json", "a.xml"])), undefined);
  assert.equal(unreadByContent(probeOf("a.bin", "\0\x01\x02\x03")), undefined);
});

Deno.test("the error names the format, and says whether only the name told it", async () => {
  const fails = async (name: string, bytes: Uint8Array<ArrayBuffer>, message: string) =>
    await assert.rejects(
      () => openRecording(new File([bytes], name)),
      (error) => error instanceof UnsupportedError && error.message === message || assert.fail(String(error)),
    );
  await fails(
    "a.dat",
    new TextEncoder().encode("ABF2 and more"),
    "Cannot open a.dat: it is an Axon binary file (ABF), which isn't read yet",
  );
  await fails(
    "a.pl2",
    new Uint8Array(20),
    "Cannot open a.pl2: by its name it is a Plexon 2 recording (PL2), which isn't read yet; only Plexon's own library opens it",
  );
  await assert.rejects(() => openRecording(new Map([["a.ncs", new Uint8Array(3)]])), {
    name: "UnsupportedError",
    message: /it is a Neuralynx recording, which isn't read yet/,
  });
});

Deno.test({
  name: "the corpus' recordings of formats that aren't read are refused by name",
  ignore: CORPUS === null,
  async fn() {
    const wanted: [folder: string, ending: RegExp, name: string][] = [
      ["axon", /\.abf$/, "axon"],
      ["blackrock", /\.(ns\d|nev)$/, "blackrock"],
      ["neuralynx", /\.(ncs|nse|nev|nvt)$/i, "neuralynx"],
      ["plexon", /\.plx$/, "plexon"],
      ["rawbin", /axona_raw\.(bin|set)$/, "axona"],
      ["rawbin", /\/(test1|YutaMouse42-151117)\.(xml|dat|eeg)$/, "neuroscope"],
      ["hdf5-features", /\.brw$/, "biocam"],
      ["hdf5-filters", /\.raw\.h5$/, "maxwell"],
    ];
    for (const [folder, ending, name] of wanted) {
      const files = filesBelow(`${CORPUS}${folder}`).filter((file) => ending.test(file));
      assert.ok(files.length > 0, folder);
      for (const file of files) await refused(file, name);
    }
    await refused(`${CORPUS}npz/ephy_testing_data__phy_example_0`, "phy");
    await refused(`${CORPUS}rawbin/ephy_testing_data__neuroscope/test1`, "neuroscope");
    await refused(`${CORPUS}plexon`, "plexon");
  },
});

async function refused(source: string, name: string): Promise<void> {
  if (RECORDING_FORMATS.some((format) => format.name === name)) return;
  await assert.rejects(() => openRecording(source), (error) => {
    assert.ok(error instanceof UnsupportedError, `${source}: ${error}`);
    assert.equal(error.object, name, source);
    assert.match(error.message, /which isn't read yet/);
    return true;
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

Deno.test("endings of files are in lower case and without a dot, in every format", () => {
  for (const { name, extensions } of [...RECORDING_FORMATS, ...unreadFormats()]) {
    for (const extension of extensions) assert.match(extension, /^[a-z0-9][a-z0-9.]*$/, name);
  }
});
