import assert from "node:assert/strict";
import { pynappleIo } from "../../examples/pynapple_io.ts";

Deno.test("the tutorial of pynapple's input and output prints what the Python one prints", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines: string[] = [];
    await pynappleIo(new URL("../data/session.nwb", import.meta.url), folder, (line) => lines.push(line));
    const text = lines.join("\n");
    const inOrder = [
      "session\n┍━━━━━━━━━━━━━━━━━━━━━━━┯━━━━━━━━━━━━━┑\n│ Keys                  │ Type        │\n",
      "│ units                 │ TsGroup     │\n│ position_time_support │ IntervalSet │\n│ epochs                │ IntervalSet │",
      '"units": "de078912-a093-4e6b-',
      "Time (s)\n----------  --------\n670.64088   ",
      "\n...\n",
      "dtype: float64, shape: (1060,)\n<class 'Dataset'> in memory? false\n<class 'Float64Array'>\n",
      "680.14067   ",
      "dtype: float64, shape: (20,)\n<class 'NDArray'> in memory? true\n",
      "0         1         2         3         4         5\n",
      "<class 'NDArray'> in memory? true\n",
      "Time (s)\n----------  --\n0            0\n1            1\n",
      "dtype: int64, shape: (10,)\n",
      "NpzFile 'my_tsd.npz' with keys: t, d, start, end, type\n",
      "NpzFile 'group.npz' with keys: type, _metadata, t, index, keys...\n",
      "my_label: a, b\n",
      "<class 'RawArray'>\nTime (s)            0            1          2\n",
      "dtype: float32, shape: (10, 3)\n<class 'RawArray'>\n",
      "<class 'LazyArray'> Is it in memory? false; chunks read: 0\n",
      "restricted to 11 rows; chunks read: 0\n",
      "<class 'LazyArray'> Is it in memory? false; chunks read: 1\n",
      "dtype: float64, shape: (6, 1, 5)",
    ];
    let from = 0;
    for (const part of inOrder) {
      const at = text.indexOf(part, from);
      assert.ok(at >= 0, `${JSON.stringify(part)} in\n${text.slice(from)}`);
      from = at + part.length - 1;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
