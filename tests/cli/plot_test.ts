import assert from "node:assert/strict";
import fc from "fast-check";
import { create, encodeNpy, NWBFile } from "../../mod.ts";
import type { IntervalSet, Tsd, TsGroup } from "../../src/series/mod.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { shadedSpans, tickLine } from "../../src/show/draw/rasters.ts";
import { layTraces } from "../../src/show/draw/stack_traces.ts";
import { readTraces, reduceRows } from "../../src/show/draw/traces.ts";
import { makeSeries } from "../../src/series/make_series.ts";
import { indexAxis } from "../../src/series/time_index.ts";
import { listedAxis, regularAxis } from "../../src/time/axis.ts";
import { loadReader } from "../../src/wasm/reader/reader.ts";
import { fixture, run } from "./support.ts";
import { pathPoints } from "./svg.ts";

const SESSION = fixture("session.nwb");
/** Where axes begin and end in a figure of the usual width, with one line above. */
const [LEFT, RIGHT] = [72, 1200 - 16];

async function svgOf(args: string[]): Promise<string> {
  const { code, stderr, files } = await run(["plot", ...args, "-o", "x.svg"]);
  assert.equal(code, 0, stderr);
  const svg = new TextDecoder().decode(files.get("x.svg"));
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  return svg;
}

function near(found: number, wanted: number, tolerance = 0.002): void {
  assert.ok(Math.abs(found - wanted) <= tolerance, `${found} is not ${wanted}`);
}

Deno.test("plot draws each sample of a short series where its time and value put it", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const z = (await nwb.get<Tsd>("z")).get(700, 800);
  const svg = await svgOf([SESSION, "z", "--from", "700", "--to", "800"]);
  const points = pathPoints(svg);
  const data = (await z.read()).data as Float64Array;
  assert.equal(points.length, z.length);
  const [low, high] = [Math.min(...data), Math.max(...data)];
  points.forEach(([x, y], i) => {
    near(x, LEFT + (z.times[i]! - 700) / 100 * (RIGHT - LEFT));
    near(y, 280 - (data[i]! - low) / (high - low) * (280 - 26));
  });
  assert.match(svg, />z<\/text>/);
  assert.match(svg, />meters<\/text>/);
  assert.match(svg, />Time \(s\)<\/text>/);
});

Deno.test("one single peak among 10,000,000 samples is in the picture, wherever it lies", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const count = 10_000_000;
    const values = new Int16Array(count);
    for (let i = 0; i < count; i++) values[i] = i % 7;
    // By the ends, by the edges of blocks of 16 MiB of float64, in the middle.
    for (const [at, height] of [[7_654_321, 30_000], [2_097_152, 20_000], [9_999_999, 25_000]] as const) {
      const peaked = values.slice();
      peaked[at] = height;
      await Deno.writeFile(`${folder}/a.npy`, encodeNpy(ndarray(peaked)));
      const svg = await svgOf([`${folder}/a.npy`]);
      const points = pathPoints(svg);
      assert.ok(points.length < 3000, `${points.length} points`);
      // Only the peak is the greatest value, so only it is at the top.
      const top = Math.min(...points.map(([, y]) => y));
      const peaks = points.filter(([, y]) => y < top + 50);
      assert.equal(peaks.length, 1);
      near(peaks[0]![0], LEFT + at / (count - 1) * (RIGHT - LEFT), 0.6);
      near(top, 40);
      assert.match(svg, /least and greatest of each 8,993 samples/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decimation gives each bucket's least and greatest value, however blocks and buckets lie", async () => {
  const reader = await loadReader();
  const value = fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(NaN));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
      (flat, width, factor, blocks) => {
        const rows = Math.floor(flat.length / width);
        const data = Float64Array.from(flat.slice(0, rows * width));
        const columns = Array.from({ length: width }, () => new Float64Array(2 * Math.ceil(rows / factor)).fill(NaN));
        for (let from = 0, i = 0; from < rows; i++) {
          const to = Math.min(rows, from + blocks[i % blocks.length]!);
          reduceRows(reader, data.subarray(from * width, to * width), from, to, factor, columns);
          from = to;
        }
        const wanted = columns.map((column, k) =>
          column.map((_, at) => {
            const part = [...data].filter((value, i) => (
              i % width === k && Math.floor(i / width / factor) === at >> 1 && !Number.isNaN(value)
            ));
            return part.length === 0 ? NaN : at % 2 === 0 ? Math.min(...part) : Math.max(...part);
          })
        );
        assert.deepEqual(
          columns.map((column) => column.map((x) => x + 0)),
          wanted.map((column) => column.map((x) => x + 0)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("few samples are taken as they are, many by two points for each bucket at the time of its middle", async () => {
  const data = Float64Array.from({ length: 41 }, (_, i) => i % 2 === 0 ? i : -i);
  const series = makeSeries(indexAxis(regularAxis(5, 10, 41)), ndarray(data));
  const all = await readTraces(series, { buckets: 11 });
  assert.deepEqual([all.factor, all.columns, all.times], [1, [data], series.times]);
  const some = await readTraces(series, { buckets: 10 });
  assert.deepEqual([some.factor, some.samples, some.times.length], [5, 41, 18]);
  assert.deepEqual([...some.times.subarray(0, 4)], [5.2, 5.2, 5.7, 5.7]);
  assert.deepEqual([...some.columns[0]!.subarray(0, 4)], [-3, 4, -9, 8]);
  assert.deepEqual([...some.columns[0]!.subarray(-2)], [40, 40]);
});

Deno.test("channels stand below each other, to one scale, with their names", async () => {
  const svg = await svgOf([fixture("signal.h5"), "/signal", "--to", "99", "--select", ":, [0, 3, 5]"]);
  const points = pathPoints(svg);
  assert.equal(points.length, 300);
  const means = [0, 1, 2].map((k) => points.slice(100 * k, 100 * k + 100).reduce((sum, [, y]) => sum + y, 0) / 100);
  assert.ok(means[0]! < means[1]! && means[1]! < means[2]!, String(means));
  assert.match(svg, />0<\/text>.*>3<\/text>.*>5<\/text>/s);
  assert.match(svg, />Row<\/text>/);
  assert.match(svg, /3 traces, \d+ from one to the next/);
});

Deno.test("a trace breaks where the time support does, and infinite values go to the edge", () => {
  const times = Float64Array.of(0, 1, 2, 5, 6);
  const support = { start: Float64Array.of(0, 5), end: Float64Array.of(2, 6) };
  const { lines, yDomain } = layTraces(
    { times, columns: [Float64Array.of(1, Infinity, 3, 4, -Infinity)] },
    ["a"],
    support,
    "V",
  );
  assert.deepEqual(yDomain, [1, 4]);
  assert.deepEqual([...lines[0]!.x], [0, 1, 2, NaN, 5, 6]);
  assert.deepEqual([...lines[0]!.y], [1, 4, 3, NaN, 4, 1]);
  const flat = layTraces({ times, columns: [new Float64Array(5).fill(7)] }, ["a"], support, null);
  assert.deepEqual(flat.yDomain, [0, 14]);
  const none = layTraces({ times, columns: [new Float64Array(5).fill(NaN)] }, ["a"], support, null);
  assert.ok(none.yDomain[0] < none.yDomain[1]);
});

Deno.test("a group is a raster: a tick for each of a member's samples, a row for each member", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const units = (await nwb.get<TsGroup>("units")).get(700, 710);
  const svg = await svgOf([SESSION, "units", "--from", "700", "--to", "710"]);
  const ticks = pathPoints(svg).filter((_, i) => i % 2 === 0);
  const wanted = units.members().flatMap(({ times }) => [...times]);
  // Ticks in one pixel are drawn once, and few of these share one.
  assert.ok(ticks.length > 0.9 * wanted.length && ticks.length <= wanted.length, `${ticks.length} of ${wanted.length}`);
  for (const [x] of ticks) {
    assert.ok(wanted.some((time) => Math.abs(LEFT + (time - 700) / 10 * (RIGHT - LEFT) - x) < 0.002));
  }
  assert.equal(new Set(ticks.map(([, y]) => y)).size, units.members().filter(({ length }) => length > 0).length);
  for (const key of units.keys()) assert.match(svg, new RegExp(`>${key}</text>`));
});

Deno.test("of ticks that share a pixel one is drawn, and none is lost that has a pixel of its own", () => {
  const line = tickLine([listedAxis(Float64Array.of(0, 0.1, 0.2, 5, 9.99, 10)), listedAxis(new Float64Array(0))], [
    0,
    10,
  ], 10);
  assert.deepEqual([...line.x], [0, 0, NaN, 5, 5, NaN, 9.99, 9.99, NaN, 10, 10, NaN]);
  assert.deepEqual([...line.y.subarray(0, 3)], [-0.4, 0.4, NaN]);
  // A million ticks take no longer than there are pixels.
  const many = tickLine([regularAxis(0, 1e5, 1_000_000)], [0, 10], 100);
  assert.equal(many.x.length, 3 * 100);
});

Deno.test("intervals are shaded, alone or behind traces; those smaller than a pixel are joined", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const epochs = await nwb.get<IntervalSet>("epochs");
  const alone = await svgOf([SESSION, "epochs"]);
  assert.equal([...alone.matchAll(/<rect /g)].length, epochs.length);
  const behind = await svgOf([SESSION, "z", "--shade", "epochs"]);
  assert.match(behind, /class="intervals"[^>]*><rect /);
  assert.ok(behind.indexOf("intervals") < behind.indexOf('class="trace"'));
  const start = Float64Array.from({ length: 1000 }, (_, i) => i);
  const spans = shadedSpans({ start, end: start.map((time) => time + 0.1) }, [0, 1000], 50);
  assert.ok(spans.length < 60);
  assert.deepEqual([spans[0]![0], spans.at(-1)![1]], [0, 999.1]);
  const far = shadedSpans({ start: Float64Array.of(-5, 3, 8, 20), end: Float64Array.of(1, 4, 30, 25) }, [0, 10], 100);
  assert.deepEqual(far, [[0, 1], [3, 4], [8, 10]]);
});

Deno.test("plot writes PNG of twice the size, and tells by --json what it drew", async () => {
  const { code, stdout, stderr, files } = await run([
    "plot",
    SESSION,
    "z",
    "-o",
    "z.png",
    "--width",
    "400",
    "--height",
    "200",
    "--json",
  ]);
  assert.equal(code, 0, stderr);
  const png = files.get("z.png")!;
  assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(png.buffer, png.byteOffset);
  assert.deepEqual([view.getUint32(16), view.getUint32(20)], [800, 400]);
  await using nwb = await NWBFile.open(SESSION);
  const z = await nwb.get<Tsd>("z");
  assert.deepEqual(JSON.parse(stdout), {
    path: "z",
    output: "z.png",
    samples: z.length,
    from: z.startTime(),
    to: z.endTime(),
    width: 400,
    height: 200,
  });
});

Deno.test("names from a file can't break out of the picture", async () => {
  const path = await Deno.makeTempFile({ suffix: ".h5" });
  try {
    {
      await using file = await create(path, { overwrite: true });
      await file.createDataset("/<script>alert(1)<!--&\u0001", { data: Float64Array.of(1, 2) });
      await file.close();
    }
    const svg = await svgOf([path, "/<script>alert(1)<!--&\u0001"]);
    assert.doesNotMatch(svg, /<script/);
    // deno-lint-ignore no-control-regex -- no XML may hold it
    assert.doesNotMatch(svg, /\u0001/);
    assert.match(svg, /&lt;script&gt;alert\(1\)&lt;!--&amp;\\u0001/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("Ctrl-C ends a long plot, which leaves no file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".bin" });
  try {
    await Deno.truncate(path, 512 * 2 ** 20);
    const interrupted = new AbortController();
    setTimeout(() => interrupted.abort(new Error("Interrupted")), 150);
    const args = ["plot", path, "--dtype", "int16", "-o", "x.svg"];
    const { code, files } = await run(args, { signal: interrupted.signal });
    assert.deepEqual([code, files.size], [130, 0]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("plot refuses by exit code 1 what the data can't give, and by 2 what is no call", async () => {
  const signal = fixture("signal.h5");
  const cases: [string[], number, RegExp][] = [
    [
      [SESSION, "nothing", "-o", "x.svg"],
      1,
      /"nothing": it is neither an array nor a key of the NWB file, whose keys are /,
    ],
    [[SESSION, "-o", "x.svg"], 2, /Cannot run plot without PATH: an NWB file holds many entries$/],
    [[signal, "-o", "x.svg"], 2, /Cannot run plot without PATH: an HDF5 file holds many arrays$/],
    [[signal, "/nothing", "-o", "x.svg"], 1, /"\/nothing"/],
    [[signal, "/signal", "--shade", "a", "-o", "x.svg"], 2, /Cannot use --shade here/],
    [[signal, "/signal", "--select", "0:5", "-o", "x.svg"], 1, /--from and --to choose what is shown of it$/],
    [[signal, "/signal", "--select", ":,99", "-o", "x.svg"], 1, /index 99 along axis 1/],
    [[signal, "/signal", "-o", "x.gif"], 2, /"x.gif": expected a name that ends in .svg or .png$/],
    [[SESSION, "z", "--shade", "y", "-o", "x.svg"], 1, /Cannot shade "y": it is a Tsd, not an IntervalSet$/],
    [[SESSION, "units", "--select", "0", "-o", "x.svg"], 2, /Cannot use --select with units/],
    [[fixture("types.h5"), "/scalar", "-o", "x.svg"], 1, /\/scalar: it has no axis to draw along$/],
    [[fixture("types.h5"), "/null", "-o", "x.svg"], 1, /\/null: it has no axis to draw along$/],
    [[fixture("strings.h5"), "/variable_utf8", "-o", "x.svg"], 1, /they aren't real numbers/],
  ];
  for (const [args, code, message] of cases) {
    const outcome = await run(["plot", ...args]);
    assert.deepEqual([args, outcome.code, outcome.stdout, outcome.files.size], [args, code, "", 0], outcome.stderr);
    assert.match(outcome.stderr.split("\n")[0]!, message);
  }
});
