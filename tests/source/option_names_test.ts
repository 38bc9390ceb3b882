import assert from "node:assert/strict";
import {
  change,
  create,
  encodeNpy,
  encodeNpz,
  memoryArray,
  memorySink,
  ndarray,
  open,
  openNpy,
  openNpz,
  openRaw,
  writeNpy,
  writeNpz,
} from "../../mod.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";

/** Each public function with options, called with one that it can't have. */
const CALLS: Record<string, (options: never) => unknown> = {
  open: (options) => open(new Uint8Array(16), options),
  openNpy: (options) => openNpy(encodeNpy([1]), options),
  openNpz: async (options) => await openNpz(await encodeNpz({ a: [1] }), options),
  openRaw: (options) => openRaw(new Uint8Array(4), { ...options as object, dtype: "|u1" }),
  openZarr: (options) => openZarr(new Map(), options),
  memoryArray: (options) => memoryArray(ndarray([1]), options),
  encodeNpy: (options) => encodeNpy([1], options),
  writeNpy: (options) => writeNpy(memorySink(), [1], options),
  encodeNpz: (options) => encodeNpz({ a: [1] }, options),
  writeNpz: (options) => writeNpz(memorySink(), { a: [1] }, options),
  create: (options) => create(undefined, options),
  change: (options) => change(new Uint8Array(0), options),
  createDataset: (options) => withFile((file) => file.createDataset("a", { ...options as object, data: [1] })),
  createGroup: (options) => withFile((file) => file.createGroup("a", options)),
  write: (options) => withFile((file) => file.write("a", [1], options)),
  "attributes.set": (options) => withFile((file) => file.attributes.set("a", 1, options)),
};

async function withFile(run: (file: Awaited<ReturnType<typeof create>>) => Promise<unknown>): Promise<void> {
  await using file = await create();
  await run(file);
}

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`${name} refuses an option that it doesn't have, by its name`, async () => {
    await assert.rejects(async () => await call({ nonsense: 1 } as never), (error) => {
      assert.ok(error instanceof TypeError, String(error));
      assert.match(error.message, /unknown option "nonsense"/);
      return true;
    });
    // An option that is given as nothing isn't given.
    await (async () => await call({ nonsense: undefined } as never))().catch((error) =>
      assert.ok(!/unknown option/.test(String(error)), String(error))
    );
  });
}
