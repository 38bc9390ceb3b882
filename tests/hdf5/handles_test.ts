import assert from "node:assert/strict";
import { HandleTable } from "../../src/hdf5/engine/handles.ts";
import type { Hdf5Exports } from "../../src/wasm/instance.ts";

/** The two calls that the table makes, written down. */
function exportsThatNote() {
  const closed: number[] = [];
  const opened: number[] = [];
  const exports = {
    mt_object_close: (handle: number) => closed.push(handle),
    mt_object_open_at: (_file: number, address: number) => {
      opened.push(address);
      return 0;
    },
  } as unknown as Hdf5Exports;
  return { exports, closed, opened };
}

const at = (address: number) => ({ file: 0, address });

Deno.test("The object used longest ago is closed for the 257th, and opened again when it is needed", () => {
  const { exports, closed, opened } = exportsThatNote();
  const table = new HandleTable();
  for (let i = 1; i <= 256; i++) table.keep(exports, at(i), i);
  table.use(exports, at(1), () => 0, () => 0); // 1 is used, so 2 is the oldest
  table.keep(exports, at(257), 257);
  assert.deepEqual(closed, [2]);
  assert.deepEqual(opened, []);
  let handle = 0;
  assert.equal(table.use(exports, at(2), (given) => (handle = given, 0), () => 1002), 0);
  assert.deepEqual(opened, [2]);
  assert.equal(handle, 1002);
  assert.deepEqual(closed, [2, 3]);
});

Deno.test("An object that a read under way needs is not closed", () => {
  const { exports, closed } = exportsThatNote();
  const table = new HandleTable();
  table.keep(exports, at(1), 1);
  table.hold(at(1));
  for (let i = 2; i <= 258; i++) table.keep(exports, at(i), i);
  assert.deepEqual(closed, [2, 3]);
  table.release(at(1));
  table.keep(exports, at(259), 259);
  assert.deepEqual(closed, [2, 3, 1]);
});

Deno.test("Opening the same object twice leaves one handle, and the root's is never closed", () => {
  const { exports, closed } = exportsThatNote();
  const table = new HandleTable();
  table.keep(exports, at(5), 50);
  table.keep(exports, at(5), 51);
  assert.deepEqual(closed, [50]);
  table.keep(exports, at(96), 0);
  table.keep(exports, at(96), 60);
  assert.deepEqual(closed, [50]);
});

Deno.test("A failure to open again is the status of the call", () => {
  const { exports } = exportsThatNote();
  const failing = { ...exports, mt_object_open_at: () => 1 } as unknown as Hdf5Exports;
  assert.equal(new HandleTable().use(failing, at(7), () => 0, () => 0), 1);
});
