/**
 * Series as pynapple's NPZ files: encoded, loaded whole, lazily and from the server.
 *
 * @module
 */
import { dtypeFromNumpy } from "../../../src/array/dtype/dtype.ts";
import { ndarray } from "../../../src/array/ndarray.ts";
import { encodeNpz } from "../../../src/npy/write_npz.ts";
import { loadFolder } from "../../../src/series/folder/load.ts";
import { IntervalSet } from "../../../src/series/intervals/interval_set.ts";
import { loadNpz, openSeriesNpz } from "../../../src/series/npz/npz.ts";
import { encodeSeriesNpz, kindOfObject, type SeriesObject } from "../../../src/series/npz/write.ts";
import { Ts } from "../../../src/series/ts.ts";
import { TsGroup } from "../../../src/series/ts_group.ts";
import { Tsd } from "../../../src/series/tsd.ts";
import { TsdFrame } from "../../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../../src/series/tsd_tensor.ts";
import { builtinModule } from "../../../src/source/local/file_node.ts";
import type { Case } from "../types.ts";
import { errorOf } from "./tools.ts";

interface FileSystem {
  mkdtempSync(prefix: string): string;
  readdirSync(path: string): string[];
  rmSync(path: string, options: { recursive: true }): void;
}

const METADATA = { area: ["pfc", "hpc λ"], n: [1, 2], depth: Float32Array.of(0.5, -0), any: [null, 2 ** 40] };
const SUPPORT = new IntervalSet([0, 5], [4, 50], { metadata: METADATA });

function objects(): SeriesObject[] {
  const times = Float64Array.from({ length: 60 }, (_, i) => i * 0.7);
  const values = (dtype: Float32ArrayConstructor, ...shape: number[]) =>
    ndarray(dtype.from({ length: shape.reduce((a, b) => a * b, 60) }, (_, i) => i / 3), [60, ...shape]);
  return [
    SUPPORT,
    new Ts(times, { timeSupport: SUPPORT }),
    new Tsd(times, BigInt64Array.from(times, (_, i) => BigInt(i) ** 9n)),
    new TsdFrame(times, values(Float32Array, 2), { columns: ["x", "é"], metadata: METADATA }),
    new TsdTensor(times, values(Float32Array, 2, 3)),
    new TsGroup(new Map([[7, new Ts(times)], [3, new Ts([1, 2])]]), { timeSupport: SUPPORT, metadata: METADATA }),
  ];
}

async function contents(object: SeriesObject): Promise<unknown[]> {
  const out: unknown[] = [kindOfObject(object)];
  const support = object instanceof IntervalSet ? object : object.timeSupport;
  out.push(support.start, support.end);
  if (object instanceof TsGroup) { for (const [key, member] of object) out.push(key, member.times); }
  else if (!(object instanceof IntervalSet)) out.push(object.times);
  if ("read" in object) out.push(await object.read());
  if (object instanceof TsdFrame) out.push(object.columns);
  if ("metadata" in object) out.push(Object.entries(object.metadata.toRecord()));
  return out;
}

/** Cases of series as NPZ. */
export const seriesNpzCases: readonly Case[] = [
  {
    name: "series, groups and intervals as pynapple's NPZ, and back",
    run: async () => {
      const out: unknown[] = [];
      for (const object of objects()) {
        const bytes = await encodeSeriesNpz(object);
        const packed = await encodeSeriesNpz(object, { compression: true });
        for (const file of [bytes, packed]) out.push(await contents(await loadNpz(file) as SeriesObject));
        out.push(bytes);
      }
      return out;
    },
  },
  {
    name: "values of an NPZ file that stay in it, and files that hold no series",
    run: async () => {
      await using file = await openSeriesNpz(await encodeSeriesNpz(objects()[3]!));
      const frame = await file.load() as TsdFrame;
      const { start, end } = SUPPORT;
      const wrong = { start: ndarray(start), end: ndarray(end.slice(1)) };
      const bad = { ...wrong, _metadata: ndarray([[1]], [], dtypeFromNumpy("|O")), type: ndarray(["IntervalSet"]) };
      await using none = await openSeriesNpz(await encodeNpz({ a: ndarray(start) }));
      return [
        file.kind,
        frame.isLazy,
        await frame.get(7, 9).read(),
        await frame.column("é").restrict(SUPPORT).read(),
        none.kind,
        await errorOf(none.load()),
        await errorOf(encodeNpz(bad).then((bytes) => loadNpz(bytes))),
      ];
    },
  },
  {
    name: "a folder of the file system: listed, saved into, loaded again",
    needs: "disk",
    run: async (context) => {
      await using data = await loadFolder(`${context.directory!}/data`, {
        openNwb: (path) => Promise.resolve(path.slice(-12)),
      });
      const listed = ["arrays", "objects", "session"].map((key) => [key, data.kindOf(key)]);
      const fs = builtinModule<FileSystem>("node:fs", "");
      const path = fs.mkdtempSync(`${builtinModule<{ tmpdir(): string }>("node:os", "").tmpdir()}/microtome-portable-`);
      try {
        await using folder = await loadFolder(path);
        const [, ts] = objects() as [unknown, Ts];
        await folder.save("some spikes", ts, { description: "é" });
        await using again = await loadFolder(path);
        return [
          listed,
          await data.get("session"),
          again.keys(),
          await contents(await again.get("somespikes") as SeriesObject),
          (await again.describe("somespikes"))!.info,
          (await again.expand()).split("\n").slice(1),
          await errorOf(folder.save("../x", ts)),
          fs.readdirSync(path).sort(),
        ];
      } finally {
        fs.rmSync(path, { recursive: true });
      }
    },
  },
];
