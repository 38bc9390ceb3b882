import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";

const MIB = 2 ** 20;
const ramp = (length: number) => ndarray(Int32Array.from({ length }, (_, i) => i));

/** What the server was asked since the last look. */
function asked(server: RangeServer): string[] {
  const ranges = server.log.map(({ range }) => range?.replace("bytes=", "") ?? "all");
  server.clear();
  return ranges;
}

/** An archive of 13 MiB: three members, of which the second is large, and packed ones behind. */
async function archive(): Promise<Uint8Array<ArrayBuffer>> {
  const { d, ...rest } = { t: ramp(MIB / 4), d: ramp(3 * MIB), e: ramp(10) };
  return await encodeNpz({ t: rest.t, d, e: rest.e });
}

Deno.test("A slice of a stored member costs two requests cold, one warm; opening the archive costs one", async () => {
  const bytes = await archive();
  const server = await startRangeServer({ "/a.npz": bytes });
  try {
    await using npz = await openNpz(`${server.url}/a.npz`);
    assert.deepEqual(asked(server), ["-65536"]);

    // Cold: the page of the member's header, and the slice.
    const d = await npz.get("d");
    assert.deepEqual((await d.read([slice(2_000_000, 2_000_004)])).data, Int32Array.of(2e6, 2e6 + 1, 2e6 + 2, 2e6 + 3));
    const local = new DataView(bytes.buffer).getUint32(30 + 5 + 4, true) + 30 + 5 + 20;
    const start = local + 30 + 5 + 20 + 128;
    const page = Math.floor(local / 65_536) * 65_536;
    assert.deepEqual(asked(server), [
      `${page}-${page + 65_535}`,
      `${start + 8_000_000}-${start + 8_000_015}`,
    ]);

    // Warm.
    await d.read([slice(1_000_000, null, 1000)]).then(({ data }) => assert.equal(data[1], 1_001_000));
    assert.equal(asked(server).length, 3); // 8 MB of it, as columns are: gaps of 4 KB are read along, 4 MiB at a time
    await d.read([1_500_000]);
    assert.deepEqual(asked(server), [`${start + 6_000_000}-${start + 6_000_003}`]);
    // What came with the header costs nothing, nor does what came when opening.
    assert.deepEqual((await d.read([slice(0, 3)])).data, Int32Array.of(0, 1, 2));
    assert.deepEqual((await (await npz.get("e")).read()).data, ramp(10).data);
    assert.deepEqual(asked(server), []);
    assert.equal(npz.cost.requests, 7);
  } finally {
    await server.close();
  }
});

Deno.test("An archive of up to 512 KiB costs two requests in all, one of up to 64 KiB costs one", async () => {
  const small = await encodeNpz({ a: ramp(100), b: ramp(2000) });
  const medium = await encodeNpz({ a: ramp(50_000), b: ramp(50_000), c: ramp(10) });
  const server = await startRangeServer({ "/small.npz": small, "/medium.npz": medium });
  try {
    await using npz = await openNpz(`${server.url}/small.npz`);
    for (const key of npz.keys()) await (await npz.get(key)).read();
    assert.deepEqual(asked(server), ["-65536"]);
    await using larger = await openNpz(`${server.url}/medium.npz`);
    for (const key of larger.keys()) await (await larger.get(key)).read();
    assert.deepEqual(asked(server), ["-65536", `0-${medium.length - 1}`]);
  } finally {
    await server.close();
  }
});

Deno.test("The headers of many members are fetched in one round", async () => {
  const arrays = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`a${i}`, ramp(MIB / 4)]));
  const server = await startRangeServer({ "/a.npz": await encodeNpz(arrays) });
  try {
    await using npz = await openNpz(`${server.url}/a.npz`);
    const before = npz.cost.roundTrips;
    const all = await npz.getAll();
    assert.deepEqual([...all.keys()], Object.keys(arrays));
    assert.equal(all.get("a3")?.shape[0], MIB / 4);
    // Six at a time.
    assert.ok(npz.cost.roundTrips - before <= 2, `${npz.cost.roundTrips - before} round trips`);
    assert.ok(npz.cost.requests <= 1 + 8);
  } finally {
    await server.close();
  }
});

Deno.test("A server that can't give the end of a file is asked for its start, then for the rest of the tail", async () => {
  const bytes = await archive();
  const server = await startRangeServer({ "/a.npz": bytes });
  try {
    // As Azure does: it doesn't know the form that asks for an end, and answers with the whole file.
    const fetching: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      if (headers.get("range")?.startsWith("bytes=-")) headers.delete("range");
      return fetch(url, { ...init, headers });
    };
    const options = { fetch: fetching as never, wholeFileBytes: 1000 };
    await using npz = await openNpz(`${server.url}/a.npz`, options);
    const page = Math.floor((bytes.length - 65_536) / 65_536) * 65_536;
    assert.deepEqual(asked(server), ["all", "0-65535", `${page}-${bytes.length - 1}`]);
    assert.deepEqual((await (await npz.get("t")).read([3])).data, Int32Array.of(3));
    assert.deepEqual((await (await npz.get("e")).read([3])).data, Int32Array.of(3));
    assert.deepEqual(asked(server), []);
  } finally {
    await server.close();
  }
});

Deno.test("Of a deflated member no more is fetched than is needed, and small ones are kept", async () => {
  // Noise: it can't be packed, so what is fetched is about what is read.
  let seed = 1;
  const noise = Int32Array.from({ length: 2 * MIB }, () => seed = (seed * 1103515245 + 12345) & 0x7fffffff);
  const bytes = await encodeNpz({ large: ndarray(noise), small: ramp(200_000) }, { compression: true });
  const server = await startRangeServer({ "/a.npz": bytes });
  try {
    await using npz = await openNpz(`${server.url}/a.npz`);
    const large = await npz.get("large");
    assert.equal(large.storage, "deflated");
    assert.deepEqual((await large.read([slice(1000, 1003)])).data, noise.slice(1000, 1003));
    assert.ok(npz.cost.bytes < 400_000, `${npz.cost.bytes} bytes`);
    assert.deepEqual((await large.read([slice(null, null, 100_000)])).data, noise.filter((_, i) => i % 100_000 === 0));
    server.clear();
    const small = await npz.get("small");
    await small.read([5]);
    const once = server.log.length;
    assert.deepEqual((await small.read([slice(199_998, null)])).data, Int32Array.of(199_998, 199_999));
    assert.equal(server.log.length, once);
  } finally {
    await server.close();
  }
});

Deno.test("A .npy file on a server costs one request to open, and one for a slice; a far column as many as it has rows", async () => {
  const rows = ndarray(new Float32Array(200 * 20_000).map((_, i) => i), [200, 20_000]);
  const server = await startRangeServer({
    "/a.npy": encodeNpy(rows),
    "/f.npy": encodeNpy(rows, { order: "F" }),
  });
  try {
    await using array = await openNpy(`${server.url}/a.npy`);
    assert.deepEqual(asked(server), ["0-65535"]);
    assert.equal((await array.read([100, slice(0, 2)])).data[1], 2_000_001);
    assert.deepEqual(asked(server), ["8000128-8000135"]);
    await array.read([0, slice(0, 10)]);
    assert.deepEqual(asked(server), []);
    await array.read([slice(100, 104), 7]);
    assert.equal(asked(server).length, 4);
    await using turned = await openNpy(`${server.url}/f.npy`);
    assert.deepEqual([...(await turned.read([slice(100, 103), 7000])).data], [2_007_000, 2_027_000, 2_047_000]);
    assert.deepEqual(asked(server), ["0-65535", "5600528-5600539"]);
    assert.equal(turned.order, "F");
  } finally {
    await server.close();
  }
});

Deno.test("An abort ends a read under way", async () => {
  const server = await startRangeServer({ "/a.npz": await archive() });
  try {
    await using npz = await openNpz(`${server.url}/a.npz`);
    const array = await npz.get("d");
    server.setLatency(5000);
    const controller = new AbortController();
    const reading = array.read([slice(2e6, 2e6 + 10)], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await assert.rejects(reading, /enough/);
    server.setLatency(0);
    assert.equal((await array.read([2e6])).data[0], 2e6);
  } finally {
    await server.close();
  }
});

Deno.test("A source with nothing but read() will do", async () => {
  const bytes = await archive();
  const { read, byteLength } = memorySource(bytes);
  await using npz = await openNpz({ read, byteLength });
  assert.equal((await (await npz.get("d")).read([12345])).data[0], 12345);
});
