/**
 * SpikeGLX files made by the published description of their metadata, for tests: values are worked out from the format.
 *
 * @module
 */

/** A `.meta`. */
export type MetaValues = Readonly<Record<string, string | number>>;

/** Text of a `.meta`: lists get the tilde that SpikeGLX gives them. */
export function metaText(values: MetaValues, { newline = "\r\n", tilde = true } = {}): string {
  return Object.entries(values).map(([key, value]) => {
    const isList = tilde && String(value).startsWith("(");
    return `${isList ? "~" : ""}${key}=${value}${newline}`;
  }).join("");
}

/** The sample of a column in these files: every one differs from its neighbours, and all 16 bits occur. */
export function sample(row: number, column: number): number {
  return (row * 1031 + column * 7919 + (row % 7) * (column % 5)) << 16 >> 16;
}

/** Samples of `rows` rows and `width` columns; some columns can be given. */
export function samples(
  rows: number,
  width: number,
  columns: Readonly<Record<number, (row: number) => number>> = {},
): Int16Array<ArrayBuffer> {
  const data = new Int16Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      data[row * width + column] = columns[column]?.(row) ?? sample(row, column);
    }
  }
  return data;
}

/** Bytes of text or numbers. */
export function bytes(content: string | Int16Array): Uint8Array<ArrayBuffer> {
  if (typeof content === "string") return new TextEncoder().encode(content);
  return new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.byteLength);
}

/** Metadata of a probe of 1.0 with the given channels saved; gains are 500 + number (AP) and 250 + number (LF). */
export function probe10(options: {
  readonly band?: "ap" | "lf";
  readonly channels?: number;
  readonly subset?: string;
  readonly saved?: string;
  readonly more?: MetaValues;
} = {}): MetaValues {
  const { band = "ap", channels = 384, more = {} } = options;
  const counts = options.saved ?? (band === "ap" ? `${channels},0,1` : `0,${channels},1`);
  const subset = options.subset ??
    (band === "ap" ? `0:${channels - 1},${2 * channels}` : `${channels}:${2 * channels}`);
  const entries = Array.from({ length: channels }, (_, c) => `(${c} 0 0 ${500 + c} ${250 + c} 1)`).join("");
  return {
    acqApLfSy: `${channels},${channels},1`,
    appVersion: "20201103",
    fileCreateTime: "2022-05-12T17:24:02",
    fileName: `D:/SGL_DATA/run_g0/run_g0_t0.imec0.${band}.bin`,
    firstSample: 3000,
    imAiRangeMax: 0.6,
    imAiRangeMin: -0.6,
    imDatPrb_pn: "PRB_1_4_0480_1",
    imDatPrb_type: 0,
    imMaxInt: 512,
    imSampRate: band === "ap" ? 30000 : 2500,
    nSavedChans: counts.split(",").reduce((sum, n) => sum + Number(n), 0),
    snsApLfSy: counts,
    snsSaveChanSubset: subset,
    typeThis: "imec",
    imroTbl: `(0,${channels})${entries}`,
    ...more,
  };
}

/** Metadata of a probe whose channels have one gain: 2.0 and newer. */
export function probe20(part: string, options: {
  readonly channels?: number;
  readonly sync?: number;
  readonly more?: MetaValues;
} = {}): MetaValues {
  const { channels = 384, sync = 1, more = {} } = options;
  const type = { PRB2_1_2_0640_0: 21, NP2000: 21, NP2010: 24 }[part] ?? part.slice(2);
  const entries = Array.from({ length: channels }, (_, c) => `(${c} 0 0 0 ${c + 5})`).join("");
  return {
    acqApLfSy: `${channels},0,${sync}`,
    appVersion: "20230815",
    fileCreateTime: "2023-09-04T16:01:07",
    fileName: "D:/SGL_DATA/run_g0/run_g0_t0.imec0.ap.bin",
    firstSample: 0,
    imAiRangeMax: 0.5,
    imDatPrb_pn: part,
    imDatPrb_type: type,
    imSampRate: 30000,
    nSavedChans: channels + sync,
    snsApLfSy: `${channels},0,${sync}`,
    snsSaveChanSubset: `0:${channels + sync - 1}`,
    typeThis: "imec",
    imroTbl: `(${type},${channels})${entries}`,
    ...more,
  };
}

/** Metadata of an NI board. */
export function board(counts: readonly [number, number, number, number], more: MetaValues = {}): MetaValues {
  return {
    acqMnMaXaDw: counts.join(","),
    appVersion: "20230815",
    fileName: "D:/SGL_DATA/run_g0/run_g0_t0.nidq.bin",
    firstSample: 250,
    nSavedChans: counts.reduce((sum, n) => sum + n, 0),
    niAiRangeMax: 5,
    niMAGain: 4,
    niMNGain: 200,
    niSampRate: 25000,
    niXDBytes1: 1,
    niXDChans1: "0:7",
    snsMnMaXaDw: counts.join(","),
    snsSaveChanSubset: "all",
    typeThis: "nidq",
    ...more,
  };
}
