import assert from "node:assert/strict";
import { withFolder } from "./support.ts";

const SCRIPT = new URL("../../examples/npz_and_memmap.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

Deno.test("the example on NPZ, memory maps and Zarr prints what the seed prints, and cleans up", async () => {
  await withFolder(async (folder) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--config", CONFIG.pathname, "-A", SCRIPT.pathname],
      env: { TMPDIR: folder, NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.deepEqual(new TextDecoder().decode(stdout).split("\n"), [
      "Saving as NPZ",
      "Time (s)",
      "----------  --",
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${i}            ${i}`),
      "dtype: int64, shape: (10,)",
      "NpzFile 'my_tsd.npz' with keys: t, d, start, end, type",
      "NpzFile 'group.npz' with keys: type, _metadata, t, index, keys...",
      'NotFoundError: Cannot find "my_label" in group.npz: it has type, _metadata, t, index, keys, start, end',
      "  Index    rate  my_label",
      "-------  ------  ----------",
      "      0     1.5  a",
      "      1     1.5  b",
      "",
      "Memory map",
      "<class 'RawArray'>: float32 (10, 3)",
      "the file has 120 bytes, and 10 samples of 3 channels",
      "[2:4] is float32 (2, 3)",
      "after [2:4, 0] = 0, [1:5, 0] holds 2 zeros",
      "<class 'ArrayView'>: float32 (2, 3), still in the file",
      "<class 'TsdFrame'> 3 x 3 from 2 s to 4 s; its values are <class 'RawArray'>",
      "<class 'RawArray'> Is it in memory? false",
      "",
      "Zarr",
      "int32 (10000, 5) in chunks of (1000, 5)",
      "Is it in memory? false; chunks read: 0",
      "a view of 1,000 rows, int32 (1000, 5); chunks read: 0",
      "ten of them, int32 (10, 5); chunks read: 1",
      "<class 'Int32Array'> Is it in memory? true",
      "<class 'TsdFrame'> of 0 to 10 s, 11 rows. Is it lazy? true; chunks read: 1",
      "chunks read: 2",
      "Time (s)",
      "----------  -----------------",
      ...[-2, -1, 0, 1, 2, 3].map((time) => `${String(time).padEnd(12)}[[0. ... 0.] ...]`),
      "dtype: float64, shape: (6, 1, 5)",
      "",
    ]);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  });
});
