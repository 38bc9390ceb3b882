/**
 * Writes Micromed's `.TRC`, header type 4, after the published description of its header: for tests and examples.
 *
 * @module
 */

/** An electrode of the file. */
export interface TrcElectrode {
  /** Its code: where its record stands. */
  readonly code: number;
  readonly name: string;
  readonly ground?: string;
  readonly logical?: readonly [min: number, max: number, ground: number];
  readonly physical?: readonly [min: number, max: number];
  readonly unit?: number;
  readonly coefficient?: number;
}

/** What the file holds. */
export interface TrcFile {
  readonly electrodes: readonly TrcElectrode[];
  /** Samples per second. */
  readonly rate?: number;
  /** Bytes of a sample. */
  readonly bytes?: 1 | 2 | 4;
  /** Number of rows. */
  readonly rows: number;
  /** Raw value of a channel in a row. */
  readonly value: (row: number, channel: number) => number;
  /** Day, month, year - 1900, hour, minute, second. */
  readonly date?: readonly number[];
  readonly surname?: string;
  readonly firstname?: string;
  /** Begin in samples of the original recording, and row in the file, of each part. */
  readonly parts?: readonly (readonly [start: number, row: number])[];
  readonly notes?: readonly (readonly [row: number, text: string | Uint8Array])[];
  readonly triggers?: readonly (readonly [row: number, value: number])[];
  /** Events as neo reads them: label, begin, end; or under a name: begin, end. */
  readonly eventA?: TrcEvents;
  readonly eventB?: TrcEvents;
  /** What unused slots of triggers are filled with: as Micromed does, or with zeros. */
  readonly emptySlots?: "ones" | "zeros";
  readonly headerType?: number;
  readonly compression?: number;
  /** Leaves the samples out: the header says that they are there. */
  readonly withoutData?: boolean;
}

/** A zone of events. */
export type TrcEvents =
  | { readonly records: readonly (readonly [label: number, start: number, stop: number])[] }
  | { readonly name: string; readonly pairs: readonly (readonly [start: number, stop: number])[] };

/** Where zones lie, and how long they are. */
export const TRC_ZONES = {
  "ORDER": [640, 512],
  "LABCOD": [1152, 81920],
  "NOTE": [83072, 8800],
  "FLAGS": [91872, 800],
  "TRONCA": [92672, 800],
  "IMPED_B": [93472, 512],
  "IMPED_E": [93984, 512],
  "MONTAGE": [94496, 0],
  "COMPRESS": [94496, 10],
  "AVERAGE": [94506, 128],
  "HISTORY": [94634, 0],
  "DVIDEO": [94634, 0],
  "EVENT A": [94634, 864],
  "EVENT B": [95498, 864],
  "TRIGGER": [96362, 6000],
} as const;

/** Where samples begin. */
export const TRC_DATA = 102400;

/** A file as bytes. */
export function makeTrc(file: TrcFile): Uint8Array<ArrayBuffer> {
  const { electrodes, rate = 256, bytes = 2, rows, value, emptySlots = "ones" } = file;
  const row = electrodes.length * bytes;
  const out = new Uint8Array(TRC_DATA + (file.withoutData === true ? 0 : rows * row));
  const view = new DataView(out.buffer);
  const text = (at: number, content: string | Uint8Array, length: number, pad = 0) => {
    out.fill(pad, at, at + length);
    out.set((typeof content === "string" ? new TextEncoder().encode(content) : content).subarray(0, length), at);
  };
  text(0, "* MICROMED  Brain-Quick file *", 32, 0x20);
  text(64, file.surname ?? "DOE", 22, 0x20);
  text(86, file.firstname ?? "JANE", 20, 0x20);
  out.set(file.date ?? [2, 1, 124, 3, 4, 5], 128);
  view.setUint32(138, TRC_DATA, true);
  [electrodes.length, row, rate, bytes, file.compression ?? 0].forEach((number, i) =>
    view.setUint16(142 + 2 * i, number, true)
  );
  out[175] = file.headerType ?? 4;
  Object.entries(TRC_ZONES).forEach(([name, [offset, length]], i) => {
    text(176 + 16 * i, name, 8, 0x20);
    view.setUint32(184 + 16 * i, offset, true);
    view.setUint32(188 + 16 * i, length, true);
  });
  electrodes.forEach(({ code, name, ground = "G2", ...rest }, i) => {
    view.setUint16(TRC_ZONES.ORDER[0] + 2 * i, code, true);
    const at = TRC_ZONES.LABCOD[0] + 128 * code;
    const [logical, physical] = [rest.logical ?? [0, 65535, 32768], rest.physical ?? [-3200, 3200]];
    out[at] = 1;
    text(at + 2, name, 6);
    text(at + 8, ground, 6);
    [...logical, ...physical].forEach((number, j) => view.setInt32(at + 14 + 4 * j, number, true));
    view.setInt16(at + 34, rest.unit ?? 0, true);
    view.setUint16(at + 44, rest.coefficient ?? 1, true);
  });
  file.parts?.forEach(([start, row], i) => {
    view.setUint32(TRC_ZONES.TRONCA[0] + 8 * i, start, true);
    view.setUint32(TRC_ZONES.TRONCA[0] + 8 * i + 4, row, true);
  });
  file.notes?.forEach(([at, content], i) => {
    view.setUint32(TRC_ZONES.NOTE[0] + 44 * i, at, true);
    text(TRC_ZONES.NOTE[0] + 44 * i + 4, content, 40);
  });
  const [triggers, triggerBytes] = TRC_ZONES.TRIGGER;
  out.fill(emptySlots === "ones" ? 0xff : 0, triggers, triggers + triggerBytes);
  file.triggers?.forEach(([at, number], i) => {
    view.setUint32(triggers + 6 * i, at, true);
    view.setUint16(triggers + 6 * i + 4, number, true);
  });
  for (const [events, zone] of [[file.eventA, "EVENT A"], [file.eventB, "EVENT B"]] as const) {
    const [offset, length] = TRC_ZONES[zone];
    if (events === undefined) continue;
    if ("pairs" in events) {
      out.fill(0xff, offset + 64, offset + length);
      text(offset, events.name, 64);
      events.pairs.flat().forEach((number, i) => view.setUint32(offset + 64 + 4 * i, number, true));
    } else {
      // neo's records fill a zone of another length.
      view.setUint32(188 + 16 * Object.keys(TRC_ZONES).indexOf(zone), 840, true);
      events.records.flat().forEach((number, i) => view.setUint32(offset + 4 * i, number, true));
    }
  }
  if (file.withoutData === true) return out;
  const put = bytes === 1
    ? (at: number, number: number) => view.setUint8(at, number)
    : bytes === 2
    ? (at: number, number: number) => view.setUint16(at, number, true)
    : (at: number, number: number) => view.setUint32(at, number, true);
  for (let r = 0; r < rows; r++) electrodes.forEach((_, c) => put(TRC_DATA + r * row + c * bytes, value(r, c)));
  return out;
}
