import { type RangeServer, startRangeServer } from "../support/range_server.ts";

/** Somewhere that bytes can be opened from. */
export type Place = "memory" | "file" | "server";

/** Puts bytes into memory, a file and a server in turn, and runs something on each. */
export async function everywhere(
  bytes: Uint8Array<ArrayBuffer>,
  run: (source: Uint8Array | string, place: Place) => Promise<void>,
): Promise<void> {
  await run(bytes, "memory");
  await withFolder(async (folder) => {
    const path = `${folder}/x.bin`;
    await Deno.writeFile(path, bytes);
    await run(path, "file");
  });
  await withServer({ "/x.bin": bytes }, (server) => run(`${server.url}/x.bin`, "server"));
}

/** Runs something in a folder that is removed afterwards. */
export async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs something beside a server. */
export async function withServer(
  files: Record<string, Uint8Array>,
  run: (server: RangeServer) => Promise<void>,
): Promise<void> {
  const server = await startRangeServer(files);
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

/** Random bytes, the same for the same seed. */
export function randomBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = state;
  }
  return out;
}

/** Values as a stream of bits: the lowest bit of each first (`lsb`), or the highest (`msb`), or as MIPI has them. */
export function pack(
  values: readonly number[],
  bits: 10 | 12,
  packing: "lsb" | "msb" | "mipi",
): Uint8Array<ArrayBuffer> {
  const group = bits === 10 ? 4 : 2;
  const padded = [...values, ...new Array<number>((group - values.length % group) % group).fill(0)];
  if (packing === "mipi") {
    const out: number[] = [];
    for (let start = 0; start < padded.length; start += group) {
      const members = padded.slice(start, start + group);
      const low = bits - 8;
      out.push(...members.map((value) => value >> low));
      out.push(members.reduce((byte, value, i) => byte | (value & ((1 << low) - 1)) << (i * low), 0));
    }
    return Uint8Array.from(out);
  }
  const out = new Uint8Array(padded.length * bits / 8);
  padded.forEach((value, i) => {
    for (let bit = 0; bit < bits; bit++) {
      const at = i * bits + bit;
      const one = packing === "lsb" ? value >> bit & 1 : value >> (bits - 1 - bit) & 1;
      out[at >> 3]! |= one << (packing === "lsb" ? at & 7 : 7 - (at & 7));
    }
  });
  return out;
}
