/**
 * Files of EDF, EDF+, BDF and BDF+ by the published descriptions: 256 bytes of ASCII, 256 for each signal, then records. Written
 * for the tests; shares nothing with the reader.
 *
 * @module
 */

/** A signal to be written. */
export interface MadeSignal {
  readonly label: string;
  /** Digital values, all records behind each other; or bytes of each record, for annotations. */
  readonly values: readonly number[] | readonly Uint8Array[];
  /** Samples in a record. */
  readonly samples: number;
  readonly dimension?: string | Uint8Array;
  readonly physical?: readonly [string, string];
  readonly digital?: readonly [string, string];
  readonly transducer?: string;
  readonly prefilter?: string;
}

/** A file to be written. */
export interface MadeEdf {
  readonly kind?: "EDF" | "BDF";
  /** The reserved field: `EDF+C`, `BDF+D`. */
  readonly reserved?: string;
  readonly patient?: string | Uint8Array;
  readonly recording?: string;
  readonly date?: string;
  readonly time?: string;
  readonly duration?: string;
  readonly records: number;
  readonly signals: readonly MadeSignal[];
  /** What the header says, where that isn't what is there. */
  readonly says?: { readonly records?: string; readonly headerBytes?: string; readonly signals?: string };
}

/** Bytes of a text; `\x14` and the like stand for themselves, all else is UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A field: text padded with blanks. */
function field(value: string | Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(width).fill(32);
  const bytes = typeof value === "string" ? Uint8Array.from(value, (letter) => letter.charCodeAt(0)) : value;
  out.set(bytes.subarray(0, width));
  return out;
}

/** Writes the file. */
export function makeEdf(file: MadeEdf): Uint8Array<ArrayBuffer> {
  const { kind = "EDF", signals, records, says = {} } = file;
  const width = kind === "BDF" ? 3 : 2;
  const headerBytes = 256 * (signals.length + 1);
  const parts: Uint8Array[] = [
    kind === "BDF" ? field("\xffBIOSEMI", 8) : field("0", 8),
    field(file.patient ?? "X X X X", 80),
    field(file.recording ?? "", 80),
    field(file.date ?? "02.03.04", 8),
    field(file.time ?? "05.06.07", 8),
    field(says.headerBytes ?? String(headerBytes), 8),
    field(file.reserved ?? (kind === "BDF" ? "24BIT" : ""), 44),
    field(says.records ?? String(records), 8),
    field(file.duration ?? "1", 8),
    field(says.signals ?? String(signals.length), 4),
  ];
  const column = (width: number, of: (signal: MadeSignal) => string | Uint8Array) => {
    for (const signal of signals) parts.push(field(of(signal), width));
  };
  const most = kind === "BDF" ? ["-8388608", "8388607"] as const : ["-32768", "32767"] as const;
  column(16, ({ label }) => label);
  column(80, ({ transducer }) => transducer ?? "");
  column(8, ({ dimension }) => dimension ?? "uV");
  column(8, ({ physical }) => (physical ?? most)[0]);
  column(8, ({ physical }) => (physical ?? most)[1]);
  column(8, ({ digital }) => (digital ?? most)[0]);
  column(8, ({ digital }) => (digital ?? most)[1]);
  column(80, ({ prefilter }) => prefilter ?? "");
  column(8, ({ samples }) => String(samples));
  column(32, () => "");
  for (let record = 0; record < records; record++) {
    for (const { values, samples } of signals) {
      const out = new Uint8Array(samples * width);
      if (values[0] instanceof Uint8Array) {
        const text = (values as readonly Uint8Array[])[record]!;
        if (text.length > out.length) throw new RangeError(`${text.length} bytes of annotations don't fit`);
        out.set(text);
      } else {
        for (let i = 0; i < samples; i++) {
          const value = (values as readonly number[])[record * samples + i]!;
          for (let byte = 0; byte < width; byte++) out[i * width + byte] = value >> 8 * byte & 0xff;
        }
      }
      parts.push(out);
    }
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A list that tells a record's time, and what happened in it: `[onset, duration or "", text]`. */
export function tals(time: string | null, events: readonly (readonly [string, string, string])[] = []): Uint8Array {
  const list = time === null ? "" : `${time}\x14\x14\0`;
  return bytesOf(
    list +
      events.map(([onset, duration, text]) => `${onset}${duration && `\x15${duration}`}\x14${text}\x14\0`).join(""),
  );
}
