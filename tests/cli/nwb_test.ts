import assert from "node:assert/strict";
import { create, NWBFile, openNpy } from "../../mod.ts";
import { type IntervalSet, openSeriesNpz, type Tsd, type TsGroup } from "../../src/series/mod.ts";
import { fixture, run, serve } from "./support.ts";

const COST = /^\d+ requests?, [\d.]+ [KM]?B of [\d.]+ [KM]?B, \d+ round trips?\n$/;
const SESSION = fixture("session.nwb");
const CORPUS = new URL("../../../shared/data/nwb/", import.meta.url);
const hasCorpus = await Deno.stat(CORPUS).then(() => true, () => false);
if (!hasCorpus) console.log("skipped: nwb on the corpus (none beside the repository)");

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("nwb prints the table of keys and types, and what that cost", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const { code, stdout, stderr } = await run(["nwb", SESSION]);
  assert.equal(code, 0);
  assert.equal(stdout, `${nwb}\n`);
  assert.match(stdout, /^session\n┍━+┯━+┑\n│ Keys +│ Type +│\n┝━+┿━+┥\n│ units +│ TsGroup +│\n/);
  assert.match(stderr, COST);
});

Deno.test("nwb --json lists the keys with their types, paths and ids", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const { code, stdout } = await run(["nwb", SESSION, "--json"]);
  assert.equal(code, 0);
  const said = JSON.parse(stdout);
  assert.deepEqual([said.source, said.name, said.warnings], [SESSION, "session", {}]);
  assert.deepEqual(
    said.keys,
    nwb.entries().map(([key, { kind, type, path, fullPath, objectId }]) => (
      { key, type: kind, neurodataType: type, path, fullPath, objectId }
    )),
  );
});

Deno.test("nwb KEY prints the entry as its series prints itself", async () => {
  await using nwb = await NWBFile.open(SESSION);
  for (const key of nwb.keys()) {
    const entry = await nwb.get<Tsd>(key);
    const { code, stdout } = await run(["nwb", SESSION, key]);
    assert.equal(code, 0);
    assert.equal(stdout, `${await entry.format({ columns: 80, rows: 30 })}\n`);
  }
});

Deno.test("nwb KEY --from --to takes a window of time, both ends included", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const z = await nwb.get<Tsd>("z");
  const [first, last] = [z.times[10]!, z.times[20]!];
  const { code, stdout, stderr } = await run(["nwb", SESSION, "z", "--from", `${first}`, "--to", `${last}`, "--json"]);
  assert.equal(code, 0);
  assert.match(stderr, COST);
  const part = z.slice(10, 21);
  assert.deepEqual(JSON.parse(stdout), {
    key: "z",
    type: "Tsd",
    unit: "meters",
    shape: [11],
    dtype: "<f8",
    times: [...part.times],
    data: [...(await part.read()).data],
  });
  const after = JSON.parse((await run(["nwb", SESSION, "z", "--from", `${last}`, "--json"])).stdout);
  assert.equal(after.times.length, z.length - 20);
  const none = JSON.parse((await run(["nwb", SESSION, "z", "--from", "-9", "--to", "-8.5", "--json"])).stdout);
  assert.deepEqual([none.times, none.data], [[], []]);
});

Deno.test("nwb gives a group's members with what is said of them, and the whole of intervals that a window touches", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const units = (await nwb.get<TsGroup>("units")).get(700, 720);
  const said = JSON.parse((await run(["nwb", SESSION, "units", "--from=700", "--to=720", "--json"])).stdout);
  assert.deepEqual(said.keys, units.keys());
  assert.deepEqual(said.members, Object.fromEntries([...units].map(([key, { times }]) => [key, [...times]])));
  assert.deepEqual(said.metadata.location, units.getInfo("location"));
  assert.equal(said.type, "TsGroup");
  const epochs = await nwb.get<IntervalSet>("epochs");
  const [, [start, end]] = epochs.pairs() as [[number, number], [number, number]];
  const middle = String((start + end) / 2);
  const touched = JSON.parse(
    (await run(["nwb", SESSION, "epochs", "--from", middle, "--to", middle, "--json"])).stdout,
  );
  assert.deepEqual([touched.start, touched.end], [[start], [end]]);
  assert.equal(touched.metadata.tags.length, 1);
});

Deno.test("nwb -o writes .npy, .npz, .csv and .json, which read back the same", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const z = await (await nwb.get<Tsd>("z")).get(700, 720).load();
  const { data } = await z.read();
  const args = ["nwb", SESSION, "z", "--from", "700", "--to", "720"];
  const npy = await run([...args, "-o", "z.npy"]);
  assert.match(npy.stderr, new RegExp(`^Wrote z.npy: Tsd of ${z.length}\n`));
  assert.equal(npy.stdout, "");
  await using array = await openNpy(npy.files.get("z.npy")!);
  assert.deepEqual((await array.read()).data, data);
  const npz = await run([...args, "-o", "z.npz", "--json"]);
  assert.deepEqual(JSON.parse(npz.stdout), { key: "z", type: "Tsd", length: z.length, output: "z.npz" });
  await using saved = await openSeriesNpz(npz.files.get("z.npz")!);
  const loaded = await saved.load() as Tsd;
  assert.deepEqual([loaded.times, (await loaded.read()).data], [z.times, data]);
  const csv = text((await run([...args, "-o", "z.csv"])).files.get("z.csv")).trimEnd().split("\n");
  assert.equal(csv[0], "time,value");
  assert.deepEqual(
    csv.slice(1).map((line) => line.split(",").map(Number)),
    [...z.times].map((time, i) => [time, data[i]]),
  );
  const json = JSON.parse(text((await run([...args, "-o", "z.json"])).files.get("z.json")));
  assert.deepEqual(json.data, [...data]);
});

Deno.test("nwb -o writes groups and intervals as tables", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const units = await nwb.get<TsGroup>("units");
  const ticks = text((await run(["nwb", SESSION, "units", "-o", "u.csv"])).files.get("u.csv")).trimEnd().split("\n");
  assert.equal(ticks[0], "unit,time");
  assert.deepEqual(
    ticks.slice(1),
    [...units].flatMap(([key, { times }]) => Array.from(times, (time) => `${key},${time}`).map(asFloat)),
  );
  await using saved = await openSeriesNpz((await run(["nwb", SESSION, "units", "-o", "u.npz"])).files.get("u.npz")!);
  assert.deepEqual((await saved.load() as TsGroup).rates, units.rates);
  const epochs = await nwb.get<IntervalSet>("epochs");
  const table = text((await run(["nwb", SESSION, "epochs", "-o", "e.csv"])).files.get("e.csv")).trimEnd().split("\n");
  assert.equal(table[0], ["start", "end", ...epochs.metadata.keys()].join(","));
  assert.equal(table.length, epochs.length + 1);
  await using pairs = await openNpy((await run(["nwb", SESSION, "epochs", "-o", "e.npy"])).files.get("e.npy")!);
  assert.deepEqual([...(await pairs.read()).data], epochs.pairs().flat());
});

// CSV has floats with a point always.
function asFloat(line: string): string {
  return /,-?\d+$/.test(line) ? `${line}.0` : line;
}

Deno.test("nwb gives physical values with their unit, and stored ones by --raw", async () => {
  const path = await Deno.makeTempFile({ suffix: ".nwb" });
  try {
    await writeNwb(path);
    const physical = JSON.parse((await run(["nwb", path, "lfp", "--json"])).stdout);
    assert.deepEqual([physical.unit, physical.dtype, physical.data], ["volts", "<f8", [1.5, 2, 2.5, 3]]);
    assert.deepEqual(physical.times, [10, 10.5, 11, 11.5]);
    const raw = JSON.parse((await run(["nwb", path, "lfp", "--raw", "--json"])).stdout);
    assert.deepEqual([raw.unit, raw.dtype, raw.data], [null, "<i2", [1, 2, 3, 4]]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("one entry at fault is told of, and hides none of the others", async () => {
  const path = await Deno.makeTempFile({ suffix: ".nwb" });
  try {
    await writeNwb(path, { broken: true });
    const list = await run(["nwb", path]);
    assert.equal(list.code, 0);
    assert.match(list.stdout, /│ lfp +│ Tsd /);
    assert.match(list.stdout, /│ broken +│ Tsd /);
    const broken = await run(["nwb", path, "broken"]);
    assert.deepEqual([broken.code, broken.stdout], [1, ""]);
    assert.match(broken.stderr, /^microtome: Cannot read \/acquisition\/broken: .*timestamps.*\n$/);
    assert.equal((await run(["nwb", path, "lfp"])).code, 0);
  } finally {
    await Deno.remove(path);
  }
});

/** A small NWB file; one entry may have timestamps that don't fit its data. */
async function writeNwb(path: string, options: { readonly broken?: boolean } = {}): Promise<void> {
  await using file = await create(path, { overwrite: true });
  await file.attributes.set("nwb_version", "2.8.0");
  await file.attributes.set("neurodata_type", "NWBFile");
  await file.attributes.set("namespace", "core");
  await addSeries("lfp");
  if (options.broken === true) {
    await addSeries("broken");
    await file.createDataset("/acquisition/broken/timestamps", { data: Float64Array.of(1, 2) });
  }
  await file.close();

  async function addSeries(name: string): Promise<void> {
    await file.createDataset(`/acquisition/${name}/data`, {
      data: Int16Array.of(1, 2, 3, 4),
      attributes: { conversion: 0.5, offset: 1, unit: "volts" },
    });
    const group = await file.group(`/acquisition/${name}`);
    await group.attributes.set("neurodata_type", "TimeSeries");
    await group.attributes.set("namespace", "core");
    if (name !== "lfp") return;
    await file.createDataset(`/acquisition/${name}/starting_time`, { data: 10, attributes: { rate: 2 } });
  }
}

Deno.test("nwb refuses by exit code 1 what the data can't give, and by 2 what is no call", async () => {
  const cases: [string[], number, RegExp][] = [
    [["nwb", SESSION, "nothing"], 1, /Cannot find "nothing" in the NWB file: its keys are units, .*rx/],
    [["nwb", fixture("signal.h5")], 1, /signal\.h5 as an NWB file: its root has no neurodata_type/],
    [["nwb", "/nowhere/at/all.nwb"], 1, /there is no such file/],
    [
      ["nwb", SESSION, "units", "-o", "u.npy"],
      1,
      /units as .npy: a TsGroup is no single array; use .npz, .csv or .json$/,
    ],
    [["nwb", SESSION, "z", "-o", "z.xml"], 2, /"z.xml": expected a name that ends in .npy, .npz, .csv or .json$/],
    [["nwb", SESSION, "-o", "z.csv"], 2, /Cannot use --output without KEY/],
    [["nwb", SESSION, "z", "y"], 2, /Cannot use "y" with nwb: expected nwb SOURCE \[KEY\]$/],
    [["nwb"], 2, /Cannot run nwb without SOURCE/],
  ];
  for (const [args, code, message] of cases) {
    const outcome = await run(args);
    assert.deepEqual([outcome.code, outcome.stdout, outcome.files.size], [code, "", 0], outcome.stderr);
    assert.match(outcome.stderr.split("\n")[0]!, message);
  }
});

Deno.test("nwb by URL reads a window of a long recording by little more than the window", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const count = 2_000_000;
    {
      await using file = await create(`${folder}/long.nwb`);
      await file.attributes.set("nwb_version", "2.8.0");
      await file.createDataset("/acquisition/lfp/data", {
        data: Int16Array.from({ length: count }, (_, i) => i % 1000),
        chunkShape: [10_000],
        attributes: { unit: "volts" },
      });
      await file.createDataset("/acquisition/lfp/starting_time", { data: 0, attributes: { rate: 1000 } });
      await (await file.group("/acquisition/lfp")).attributes.set("neurodata_type", "TimeSeries");
      await file.close();
    }
    await using server = await serve(folder);
    const { code, stdout } = await run([
      "nwb",
      `${server.url}/long.nwb`,
      "lfp",
      "--from",
      "1000",
      "--to",
      "1000.5",
      "--json",
    ]);
    assert.equal(code, 0);
    const { times, data } = JSON.parse(stdout);
    assert.deepEqual([times.length, times[0], times.at(-1), data[7]], [501, 1000, 1000.5, 7]);
    const sent = server.log.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(sent < 300_000, `${sent} of ${2 * count} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "every NWB file of the corpus lists its keys, and each entry prints or says why not" +
    (hasCorpus ? "" : " (skipped: no corpus)"),
  ignore: !hasCorpus,
  fn: async () => {
    let [entries, refused] = [0, 0];
    for (const { name } of Deno.readDirSync(CORPUS)) {
      if (!name.endsWith(".nwb")) continue;
      const path = decodeURIComponent(new URL(name, CORPUS).pathname);
      const list = await run(["nwb", path, "--json"]);
      assert.equal(list.code, 0, `${name}: ${list.stderr}`);
      for (const { key } of JSON.parse(list.stdout).keys.slice(0, 5)) {
        const { code, stdout, stderr } = await run(["nwb", path, key]);
        entries++;
        if (code === 0) assert.ok(stdout.length > 0);
        else {
          refused++;
          assert.match(
            stderr,
            /^microtome: Cannot read \/.*: it(s pictures lie in files of their own| has (no data|timestamps of|neither)) ?.*\n$/,
            name,
          );
        }
      }
    }
    assert.ok(entries > 50 && refused < 10, `${entries} entries, ${refused} refused`);
  },
});
