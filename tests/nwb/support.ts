/**
 * NWB files made in memory, sound and broken ones.
 *
 * @module
 */
import { create } from "../../src/hdf5/write/create.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";
import { NWBFile, type NwbOptions } from "../../src/nwb/nwb_file.ts";

/** Attributes and datasets of an object; values that are records have `data` and attributes of their own. */
export type Fields = Readonly<Record<string, unknown>>;

/** A file that is being made. */
export class Maker {
  readonly file: WritableFile;
  #ids = 0;

  constructor(file: WritableFile) {
    this.file = file;
  }

  /** Makes a group with a neurodata type. */
  async object(path: string, type: string, attributes: Fields = {}, namespace = "core"): Promise<void> {
    const group = await this.file.createGroup(path);
    const id = `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, "0")}`;
    const all = { neurodata_type: type, namespace, object_id: id, ...attributes };
    for (const [name, value] of Object.entries(all)) await group.attributes.set(name, value as string);
  }

  /** Makes a time series of a rate, or of timestamps. */
  async series(
    path: string,
    data: unknown,
    { type = "TimeSeries", attributes = {}, rate = 10, start = 0, timestamps, dtype }: {
      readonly type?: string;
      readonly attributes?: Fields;
      readonly rate?: number;
      readonly start?: number;
      readonly timestamps?: readonly number[];
      readonly dtype?: string;
    } = {},
  ): Promise<void> {
    await this.object(path, type, { description: `About ${path}`, comments: "none" });
    await this.file.createDataset(`${path}/data`, {
      data: data as number[],
      ...(dtype === undefined ? {} : { dtype }),
      attributes: { unit: "volts", ...attributes } as Record<string, string>,
    });
    if (timestamps !== undefined) {
      await this.file.createDataset(`${path}/timestamps`, {
        data: Float64Array.from(timestamps),
        attributes: { interval: 1, unit: "seconds" },
      });
    } else {
      await this.file.createDataset(`${path}/starting_time`, { data: start, attributes: { rate, unit: "seconds" } });
    }
  }

  /** Makes a table of columns by name; those whose names end with `_index` are indices. */
  async table(path: string, columns: Fields, type = "DynamicTable", ids?: readonly number[]): Promise<void> {
    const names = Object.keys(columns).filter((name) => !name.endsWith("_index"));
    await this.object(path, type, { colnames: names, description: `About ${path}` }, "hdmf-common");
    const rows = ids ?? Array.from({ length: lengthOf(columns, names[0]!) }, (_, i) => i);
    await this.file.createDataset(`${path}/id`, { data: Int32Array.from(rows) });
    for (const [name, data] of Object.entries(columns)) {
      const isIndex = name.endsWith("_index");
      await this.file.createDataset(`${path}/${name}`, {
        data: (isIndex ? Uint8Array.from(data as number[]) : data) as number[],
        attributes: {
          neurodata_type: isIndex ? "VectorIndex" : "VectorData",
          namespace: "hdmf-common",
          description: name,
        },
      });
    }
    for (const name of Object.keys(columns).filter((name) => name.endsWith("_index"))) {
      const target = await this.file.reference(`${path}/${name.slice(0, -"_index".length)}`);
      await (await this.file.dataset(`${path}/${name}`)).attributes.set("target", target);
    }
  }
}

function lengthOf(columns: Fields, name: string): number {
  for (let at = `${name}_index_index`; at !== name; at = at.slice(0, -6)) {
    if (at in columns) return (columns[at] as unknown[]).length;
  }
  return (columns[name] as unknown[]).length;
}

/** The bytes of a file whose root says that it is one. */
export async function makeBytes(fill: (maker: Maker) => Promise<void>): Promise<Uint8Array> {
  await using file = await create();
  for (const [name, value] of [["neurodata_type", "NWBFile"], ["namespace", "core"], ["nwb_version", "2.7.0"]]) {
    await file.attributes.set(name!, value!);
  }
  await fill(new Maker(file));
  return await file.bytes();
}

/** An open file. */
export async function makeNwb(fill: (maker: Maker) => Promise<void>, options: NwbOptions = {}): Promise<NWBFile> {
  return await NWBFile.open(await makeBytes(fill), options);
}
