/**
 * Files of Open Ephys' legacy format as the GUI writes them, made of what their headers say.
 *
 * @module
 */

/** Text of a header, filled up to 1,024 bytes. */
export function legacyHeader(fields: Readonly<Record<string, string | number>>): Uint8Array {
  const lines = Object.entries({ format: "'Open Ephys Data Format'", version: 0.4, header_bytes: 1024, ...fields })
    .map(([name, value]) => `header.${name} = ${value};\n`).join("");
  const bytes = new Uint8Array(1024).fill(0x20);
  bytes.set(new TextEncoder().encode(lines));
  return bytes;
}

/** A record of samples. */
export interface MadeRecord {
  /** Number of its first sample. */
  readonly first: number;
  /** Number of the recording. */
  readonly recording?: number;
}

/** A sample, by its number. */
export function legacySample(number: number, channel: number): number {
  return (number * 3 + channel * 500) % 20011 - 10000;
}

/** A `.continuous` file. */
export function makeContinuous(
  channel: number,
  records: readonly MadeRecord[],
  { rate = 1000, bitVolts = 0.195, version = 0.4 }: { rate?: number; bitVolts?: number; version?: number } = {},
): Uint8Array {
  const head = legacyHeader({
    version,
    date_created: "'3-Oct-2018 131650'",
    channel: `'CH${channel}'`,
    channelType: "'Continuous'",
    sampleRate: rate,
    blockLength: 1024,
    bitVolts,
  });
  const out = new Uint8Array(1024 + 2070 * records.length);
  out.set(head);
  const view = new DataView(out.buffer);
  records.forEach(({ first, recording = 0 }, r) => {
    const at = 1024 + 2070 * r;
    view.setBigInt64(at, BigInt(first), true);
    view.setUint16(at + 8, 1024, true);
    view.setUint16(at + 10, recording, true);
    for (let i = 0; i < 1024; i++) view.setInt16(at + 12 + 2 * i, legacySample(first + i, channel), false);
    out.set([0, 1, 2, 3, 4, 5, 6, 7, 8, 255], at + 2060);
  });
  return out;
}

/** Records that follow each other. */
export function records(first: number, count: number, recording = 0): MadeRecord[] {
  return Array.from({ length: count }, (_, i) => ({ first: first + 1024 * i, recording }));
}

/** An `.events` file. */
export function makeEvents(
  events: readonly { time: number; type?: number; id?: number; channel?: number; recording?: number }[],
  rate = 1000,
): Uint8Array {
  const out = new Uint8Array(1024 + 16 * events.length);
  out.set(legacyHeader({ channel: "'Events'", channelType: "'Event'", sampleRate: rate }));
  const view = new DataView(out.buffer);
  events.forEach(({ time, type = 3, id = 1, channel = 0, recording = 0 }, i) => {
    const at = 1024 + 16 * i;
    view.setBigInt64(at, BigInt(time), true);
    out.set([type, 100, id, channel], at + 10);
    view.setUint16(at + 14, recording, true);
  });
  return out;
}

/** A `.spikes` file of stereotrodes with 40 samples; sample `s` of channel `c` of spike `i` is `32768 + 100 i + 10 c + s`. */
export function makeSpikes(
  spikes: readonly { time: number; unit?: number; recording?: number }[],
  rate = 1000,
): Uint8Array {
  const size = 42 + 2 * 80 + 4 * 2 + 2 * 2 + 2;
  const out = new Uint8Array(1024 + size * spikes.length);
  out.set(legacyHeader({ electrode: "'Stereotrode 1'", num_channels: 2, sampleRate: rate }));
  const view = new DataView(out.buffer);
  spikes.forEach(({ time, unit = 0, recording = 0 }, i) => {
    const at = 1024 + size * i;
    view.setUint8(at, 4);
    view.setBigInt64(at + 1, BigInt(time), true);
    view.setUint16(at + 17, 106, true);
    view.setUint16(at + 19, 2, true);
    view.setUint16(at + 21, 40, true);
    view.setUint16(at + 23, unit, true);
    for (let c = 0; c < 2; c++) {
      for (let s = 0; s < 40; s++) view.setUint16(at + 42 + 2 * (40 * c + s), 32768 + 100 * i + 10 * c + s, true);
      view.setFloat32(at + 42 + 160 + 4 * c, 20000, true);
    }
    view.setUint16(at + size - 2, recording, true);
  });
  return out;
}
