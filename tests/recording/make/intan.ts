/**
 * Intan's files, written out from the published description of the format: headers of every version, blocks, and files of one
 * kind of signal. What a sample is, is for the caller to say.
 *
 * @module
 */

/** A channel of a header. */
export interface MadeChannel {
  readonly name: string;
  readonly custom?: string;
  /** Type by number, as the header has it. */
  readonly type: number;
  /** Which bit it is, of digital ones. */
  readonly order?: number;
  readonly enabled?: boolean;
  readonly impedance?: readonly [number, number];
}

/** A group of channels: a port. */
export interface MadeGroup {
  readonly name: string;
  readonly prefix: string;
  readonly enabled?: boolean;
  readonly channels: readonly MadeChannel[];
}

/** A recording. */
export interface MadeIntan {
  readonly system?: "rhd" | "rhs";
  readonly version?: readonly [number, number];
  readonly rate?: number;
  readonly notch?: number;
  readonly notes?: readonly [string, string, string];
  readonly temperature?: number;
  readonly boardMode?: number;
  readonly dc?: boolean;
  readonly stimStep?: number;
  readonly reference?: string;
  readonly groups: readonly MadeGroup[];
}

/** Bytes, appended one by one. */
export class Bytes {
  readonly #bytes: number[] = [];
  readonly #view = new DataView(new ArrayBuffer(8));

  get length(): number {
    return this.#bytes.length;
  }

  u8(...values: number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) this.u8(value, value >> 8);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.u8(value, value >> 8, value >> 16, value >> 24);
    return this;
  }

  f32(...values: number[]): this {
    for (const value of values) {
      this.#view.setFloat32(0, value, true);
      this.u8(...new Uint8Array(this.#view.buffer, 0, 4));
    }
    return this;
  }

  /** Text as Qt has it; an empty one as no text at all. */
  qt(text: string): this {
    if (text === "") return this.u32(0xffffffff);
    this.u32(2 * text.length);
    return this.u16(...Array.from(text, (_, i) => text.charCodeAt(i)));
  }

  /** Text that a NUL ends. */
  c(text: string): this {
    return this.ascii(text).u8(0);
  }

  ascii(text: string): this {
    return this.u8(...Array.from(text, (one) => one.charCodeAt(0)));
  }

  done(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

const isFrom = ([major, minor]: readonly [number, number], first: number, second: number) =>
  major > first || major === first && minor >= second;

/** A header. */
export function intanHeader(made: MadeIntan): Uint8Array<ArrayBuffer> {
  const { system = "rhd", version = [3, 1], rate = 20000, notch = 0, notes = ["", "", ""], groups } = made;
  const isStim = system === "rhs";
  const out = new Bytes().u32(isStim ? 0xd69127ac : 0xc6912702).u16(...version).f32(rate).u16(1);
  // DSP cutoff and bandwidths, actual and desired; RHS has settling ones too.
  out.f32(1.5, 0.25).f32(...(isStim ? [1000] : [])).f32(7500);
  out.f32(1, 0.5).f32(...(isStim ? [900] : [])).f32(8000);
  out.u16(notch).f32(1000, 990);
  if (isStim) out.u16(1, 2).f32(made.stimStep ?? 5e-6, 1e-9, 0.5);
  for (const note of notes) out.qt(note);
  if (isStim) out.u16(made.dc ? 1 : 0);
  else if (isFrom(version, 1, 1)) out.u16(made.temperature ?? 0);
  if (isStim || isFrom(version, 1, 3)) out.u16(made.boardMode ?? 0);
  if (isStim || isFrom(version, 2, 0)) out.qt(made.reference ?? "n/a");
  out.u16(groups.length);
  for (const { name, prefix, enabled = true, channels } of groups) {
    out.qt(name).qt(prefix).u16(enabled ? 1 : 0, channels.length, channels.filter(({ type }) => type === 0).length);
    if (!enabled) continue;
    channels.forEach((channel, i) => {
      out.qt(channel.name).qt(channel.custom ?? channel.name);
      out.u16(channel.order ?? i, i, channel.type, channel.enabled === false ? 0 : 1, i);
      if (isStim) out.u16(7);
      out.u16(3, 1, -70, 0, 1).f32(...(channel.impedance ?? [0, 0]));
    });
  }
  return out.done();
}

/** Enabled channels of a type, with where they stand among those of it. */
export function channelsOf({ groups }: MadeIntan, type: number): MadeChannel[] {
  return groups.filter(({ enabled }) => enabled !== false).flatMap(({ channels }) => channels)
    .filter((channel) => channel.type === type && channel.enabled !== false);
}

/** What is stored, by what it is: `amp`, `aux`, `vdd`, `temp`, `adc`, `dac`, `din`, `dout`, `dc`, `stim`, `time`. */
export type Value = (what: string, channel: number, sample: number) => number;

/** Samples of a block. */
export function blockSamples({ system = "rhd", version = [3, 1] }: MadeIntan): number {
  return system === "rhs" || isFrom(version, 2, 0) ? 128 : 60;
}

/**
 * Blocks. A digital word is one channel; `sample` counts samples of the signal itself, so that of `aux` every fourth.
 *
 * @param made The recording
 * @param count How many blocks
 * @param value What each sample is
 * @param from How many blocks lie before
 */
export function intanBlocks(made: MadeIntan, count: number, value: Value, from = 0): Uint8Array<ArrayBuffer> {
  const n = blockSamples(made);
  const isStim = made.system === "rhs";
  const types = isStim ? { adc: 3, dac: 4, din: 5, dout: 6 } : { adc: 3, dac: -1, din: 4, dout: 5 };
  const amps = channelsOf(made, 0).length;
  const some = (type: number) => channelsOf(made, type).length;
  const out = new Bytes();
  for (let block = from; block < from + count; block++) {
    const run = (what: string, channels: number, each: number) => {
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < each; i++) out.u16(value(what, c, block * each + i));
      }
    };
    for (let i = 0; i < n; i++) out.u32(value("time", 0, block * n + i));
    run("amp", amps, n);
    if (isStim) {
      run("dc", made.dc ? amps : 0, n);
      run("stim", amps, n);
    } else {
      run("aux", some(1), n / 4);
      run("vdd", some(2), 1);
      run("temp", made.temperature ?? 0, 1);
    }
    run("adc", some(types.adc), n);
    run("dac", some(types.dac), n);
    run("din", Math.min(1, some(types.din)), n);
    run("dout", Math.min(1, some(types.dout)), n);
  }
  return out.done();
}

/** A file of interleaved 16-bit samples. */
export function words(samples: number, channels: number, value: (channel: number, sample: number) => number) {
  const out = new Uint16Array(samples * channels);
  for (let i = 0; i < samples; i++) for (let c = 0; c < channels; c++) out[i * channels + c] = value(c, i);
  return new Uint8Array(out.buffer);
}

/** A `time.dat`. */
export function timeFile(samples: number, time: (sample: number) => number = (i) => i) {
  return new Uint8Array(Int32Array.from({ length: samples }, (_, i) => time(i)).buffer);
}

/** A spike of a file of spikes. */
export interface MadeSpike {
  readonly channel: string;
  readonly time: number;
  readonly id: number;
  readonly waveform?: readonly number[];
}

/** A `spike.dat`, or with one channel, `spike-A-000.dat`. */
export function spikeFile(
  names: readonly string[],
  spikes: readonly MadeSpike[],
  { before = 0, after = 0, rate = 20000, single = false } = {},
): Uint8Array<ArrayBuffer> {
  const out = new Bytes().u32(single ? 0x18f88c00 : 0x18f8474b).u16(1).c("session_240102_030405");
  out.c(names.join(",")).c(names.map((name) => `my ${name}`).join(",")).f32(rate).u32(before, after);
  for (const { channel, time, id, waveform = [] } of spikes) {
    if (!single) out.ascii(channel);
    out.u32(time).u8(id).u16(...waveform);
  }
  return out.done();
}

/** Bytes one behind the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Ports with one of everything, for RHD: amplifiers, aux, supply, analog and digital lines. */
export function rhdGroups(amplifiers = 3): MadeGroup[] {
  return [
    {
      name: "Port A",
      prefix: "A",
      channels: [
        ...Array.from({ length: amplifiers }, (_, i) => ({
          name: `A-${String(i).padStart(3, "0")}`,
          custom: `site ${i}`,
          type: 0,
          impedance: [1e5 + i, -60] as const,
        })),
        { name: "A-099", type: 0, enabled: false },
        ...[1, 2, 3].map((i) => ({ name: `A-AUX${i}`, type: 1 })),
        { name: "A-VDD1", type: 2 },
      ],
    },
    { name: "Port B", prefix: "B", enabled: false, channels: [{ name: "B-000", type: 0 }] },
    { name: "Analog In Ports", prefix: "ANALOG-IN", channels: [{ name: "ANALOG-IN-1", type: 3 }] },
    {
      name: "Digital In Ports",
      prefix: "DIGITAL-IN",
      channels: [
        { name: "DIGITAL-IN-02", type: 4, order: 1 },
        { name: "DIGITAL-IN-03", type: 4, order: 2, enabled: false },
        { name: "DIGITAL-IN-16", type: 4, order: 15 },
      ],
    },
    { name: "Digital Out Ports", prefix: "DIGITAL-OUT", channels: [{ name: "DIGITAL-OUT-01", type: 5, order: 0 }] },
  ];
}

/** The same for RHS. */
export function rhsGroups(amplifiers = 2): MadeGroup[] {
  return [
    {
      name: "Port A",
      prefix: "A",
      channels: Array.from({ length: amplifiers }, (_, i) => ({ name: `A-${String(i).padStart(3, "0")}`, type: 0 })),
    },
    { name: "Analog In Ports", prefix: "ANALOG-IN", channels: [{ name: "ANALOG-IN-1", type: 3 }] },
    { name: "Analog Out Ports", prefix: "ANALOG-OUT", channels: [{ name: "ANALOG-OUT-1", type: 4 }] },
    { name: "Digital In Ports", prefix: "DIGITAL-IN", channels: [{ name: "DIGITAL-IN-03", type: 5, order: 2 }] },
    { name: "Digital Out Ports", prefix: "DIGITAL-OUT", channels: [{ name: "DIGITAL-OUT-01", type: 6, order: 0 }] },
  ];
}
