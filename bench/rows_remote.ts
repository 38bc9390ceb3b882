/**
 * The rows over HTTP: one entry each.
 *
 * @module
 */
import { CORPUS } from "../tests/corpus/find.ts";
import { bytesOf, factsOf, type FileName, pathOf, SERIES } from "./files.ts";
import type { RemotePlan } from "./remote.ts";
import type { Goal, RemoteResult, RemoteRow } from "./types.ts";

/** One second at 20 kHz. */
const SECOND = 20_000;
const NWB = "nwb/ipfx__H18.03.315.11.11.01.05.nwb";

/**
 * The plans.
 *
 * @param quick Leaves out the file of 1,000,000 chunks.
 */
export function remotePlans(quick: boolean): RemotePlan[] {
  const plans = [recording(), listing(), manyChunks("chunks100k", "100,000", [])];
  if (!quick) {
    plans.push(manyChunks("chunks1m", "1,000,000", [
      (ours) => goal("6 round trips or fewer", ours.roundTrips <= 6, `${ours.roundTrips}`),
      (ours) => goal("under 1 MB", ours.bytes < 1e6, `${kilobytes(ours.bytes)}`),
    ]));
  }
  if (CORPUS !== null) plans.push(nwb());
  return plans;
}

function recording(): RemotePlan {
  const first = 400_000;
  const second = 700_000;
  const needed = (start: number) => chunkBytes("int16", start, SECOND, 10_000);
  return {
    url: "/bench/int16.h5",
    fileBytes: bytesOf(pathOf("int16")),
    steps: [{
      id: "http-cold",
      title: "cold slice: open, find, read 1 s of 32 channels",
      step: { kind: "slice", dataset: SERIES, start: first, rows: SECOND },
      least: least(needed(first), "int16", true),
      goals: (ours) => {
        const bytes = needed(first);
        const over = bytes === null ? null : ours.bytes - bytes;
        return [
          goal("3 round trips or fewer", ours.roundTrips <= 3, `${ours.roundTrips}`),
          goal(
            "within 256 KiB of the chunks",
            over !== null && over <= 2 ** 18,
            over === null ? "chunks unknown" : `${kilobytes(over)} over`,
          ),
        ];
      },
    }, {
      id: "http-second",
      title: "second slice of the same dataset",
      step: { kind: "slice", dataset: SERIES, start: second, rows: SECOND },
      least: least(needed(second), "int16", false),
      goals: (ours) => [goal("1 round trip", ours.roundTrips === 1, `${ours.roundTrips}`)],
    }],
  };
}

function listing(): RemotePlan {
  const { groupLevels: levels = 3 } = factsOf("groups");
  return {
    url: "/bench/groups.h5",
    fileBytes: bytesOf(pathOf("groups")),
    steps: [{
      id: "http-list",
      title: "list 1,000 groups",
      step: { kind: "list", path: "many" },
      least: {
        bytes: null,
        roundTrips: 1 + levels,
        why: `the head with the root of the group's index, ${levels - 1} below it, its tables and names at once`,
      },
      goals: () => [],
    }],
  };
}

function manyChunks(
  name: FileName,
  count: string,
  goals: readonly ((ours: RemoteResult) => Goal)[],
): RemotePlan {
  return {
    url: `/bench/${name}.h5`,
    fileBytes: bytesOf(pathOf(name)),
    steps: [{
      id: `http-${name}`,
      title: `cold slice of 1,000 rows, ${count} chunks`,
      step: { kind: "slice", dataset: SERIES, start: 200_000, rows: 1000 },
      least: least(chunkBytes(name, 200_000, 1000, 4), name, true),
      goals: (ours) => goals.map((of) => of(ours)),
    }],
  };
}

function nwb(): RemotePlan {
  return {
    url: `/corpus/${NWB}`,
    fileBytes: bytesOf(`${CORPUS}${NWB}`),
    steps: [{
      id: "http-nwb",
      title: "NWB file: open, 1,000 samples of one sweep",
      step: { kind: "slice", dataset: "acquisition/timeseries/data_00000_AD0/data", start: 1000, rows: 1000 },
      least: { bytes: null, roundTrips: 3, why: "the head, objects further down the path, the data" },
      goals: () => [],
    }],
  };
}

/** Bytes on disk of the chunks that a slice of rows meets. */
function chunkBytes(name: FileName, start: number, rows: number, chunk: number): number | null {
  const { sizes } = factsOf(name);
  if (sizes === undefined) return null;
  let bytes = 0;
  for (let i = Math.floor(start / chunk); i < Math.ceil((start + rows) / chunk); i++) bytes += sizes[i] ?? sizes[0]!;
  return bytes;
}

/** A chunk's address is known once each node on the way from the index's root has been read. */
function least(bytes: number | null, name: FileName, cold: boolean): RemoteRow["least"] {
  if (!cold) return { bytes, roundTrips: 1, why: "the chunks, where the index is known already" };
  const { indexReads: reads = 1 } = factsOf(name);
  const index = reads === 0 ? "" : `${reads} node${reads === 1 ? "" : "s"} of the chunk index beyond it, `;
  return { bytes, roundTrips: 2 + reads, why: `the first 64 KiB, ${index}the chunks` };
}

function goal(text: string, met: boolean, reached: string): Goal {
  return { text, met, reached };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
