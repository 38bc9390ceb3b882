/**
 * NWB files: listed, read as series, viewed; from memory and from the server.
 *
 * @module
 */
import { create } from "../../../src/hdf5/write/create.ts";
import { loadFile } from "../../../src/nwb/load_file.ts";
import { NWBFile, type NwbSeries } from "../../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../../src/nwb/object.ts";
import type { NwbTable } from "../../../src/nwb/tables/table.ts";
import { IntervalSet } from "../../../src/series/intervals/interval_set.ts";
import { TsGroup } from "../../../src/series/ts_group.ts";
import type { Tsd } from "../../../src/series/tsd.ts";
import { ValueSeries } from "../../../src/series/value_series.ts";
import type { Case } from "../types.ts";
import { bytesOf, LIMITS, recordRequests, urlOf } from "./tools.ts";

const SESSION = "data/session.nwb";

/** What a series holds, as plain values. */
async function contents(series: NwbSeries): Promise<unknown> {
  if (series instanceof IntervalSet) return [series.start, series.end, series.metadata.toRecord()];
  if (series instanceof TsGroup) {
    return [series.keys(), series.members().map(({ times }) => times), series.metadata.toRecord()];
  }
  if (series instanceof ValueSeries) return [series.times, await series.read()];
  return String(series);
}

/** Cases of NWB. */
export const nwbCases: readonly Case[] = [
  {
    name: "every series of an NWB file, from memory",
    run: async (context) => {
      const nwb = await loadFile(await bytesOf(context, SESSION));
      if (!(nwb instanceof NWBFile)) throw new Error("no NWB file");
      const out: unknown[] = [String(nwb), nwb.keyToId, nwb.keyToFullPath];
      for (const key of nwb.keys()) out.push(key, await contents(await nwb.get(key)));
      await nwb.close();
      return out;
    },
  },
  {
    name: "a window of an NWB file on a server, and what it costs",
    run: async (context) => {
      const requests = recordRequests();
      await using nwb = await NWBFile.open(urlOf(context, SESSION), {
        ...LIMITS,
        headBytes: 4096,
        onRequest: requests.onRequest,
      });
      const z = await nwb.get<Tsd>("z");
      requests.take();
      const part = z.get(680, 690);
      return [nwb.name, await part.format(), await part.read(), requests.take()];
    },
  },
  {
    name: "views of an NWB file: metadata, a table's rows",
    run: async (context) => {
      await using nwb = await NWBFile.open(await bytesOf(context, SESSION));
      const rows: unknown[] = [];
      for await (const { id, start_time, stop_time, tags } of await nwb.at("epochs") as NwbTable) {
        rows.push([id, start_time, stop_time, tags]);
      }
      const { fields, members } = await nwb.at("/") as NwbObject;
      return [rows, fields, members, (await nwb.at("/general/subject") as NwbObject).fields];
    },
  },
  {
    name: "physical units, times of a rate, and faults, of an NWB file made here",
    run: async () => {
      await using file = await create();
      await file.attributes.set("neurodata_type", "NWBFile");
      for (const name of ["a", "b"]) {
        const group = await file.createGroup(`acquisition/${name}`);
        await group.attributes.set("neurodata_type", "TimeSeries");
        await file.createDataset(`acquisition/${name}/data`, {
          data: Int16Array.of(1, -2, 3),
          attributes: { conversion: 0.25, offset: 1 },
        });
      }
      await file.createDataset("acquisition/a/starting_time", { data: 10, attributes: { rate: 3 } });
      await using nwb = await NWBFile.open(await file.bytes());
      const odd = await nwb.get("b");
      return [await contents(await nwb.get("a")), String(odd), [...nwb.warnings]];
    },
  },
];
