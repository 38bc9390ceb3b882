/** The corpus without Python: what its origins say of it. `tests/interop/npy_test.ts` holds all of it against NumPy. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openNpz } from "../../src/npy/npz.ts";
import { openNpy } from "../../src/npy/open_npy.ts";

const SHARED = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const CORPUS = `${SHARED}npz/`;
const hasCorpus = existsSync(CORPUS);
const without = hasCorpus ? "" : " (skipped: no corpus)";

Deno.test({
  name: `npyjs' files end in the values that npyjs expects${without}`,
  ignore: !hasCorpus,
  fn: async () => {
    const records: Record<string, unknown[]> = JSON.parse(readFileSync(`${SHARED}EXPECTED/npyjs_records.json`, "utf8"));
    const files = readdirSync(CORPUS).filter((name) => name.startsWith("npyjs__"));
    assert.ok(files.length > 10);
    for (const name of files) {
      const expected = records[`./data/${name.slice("npyjs__".length, -".npy".length)}`]!;
      await using array = await openNpy(CORPUS + name);
      const { data, dtype } = await array.read();
      // Of complex numbers the records have the parts one by one, as they lie in memory.
      const found = Array.from(data as ArrayLike<unknown>).slice(-expected.length).map((value) =>
        dtype.kind === "bool" ? value === 1 : typeof value === "bigint" ? Number(value) : value
      );
      assert.deepEqual(found, expected, name);
    }
  },
});

Deno.test({
  name: `big-endian and Fortran order give the values that NumPy gives${without}`,
  ignore: !hasCorpus,
  fn: async () => {
    await using plain = await openNpy(`${CORPUS}xtensor__double.be.npy`);
    await using turned = await openNpy(`${CORPUS}xtensor__double_fortran.be.npy`);
    const { data } = await plain.read();
    assert.deepEqual([...data.slice(0, 4)].map((x) => (x as number).toFixed(8)), [
      "0.29731723",
      "0.04380157",
      "0.94748308",
      "0.85020643",
    ]);
    assert.deepEqual((await turned.read()).data, data);
  },
});

Deno.test({
  name: `what pynapple saves is read: times, values, columns, and what kind of object it is${without}`,
  ignore: !hasCorpus,
  fn: async () => {
    await using npz = await openNpz(`${CORPUS}pynapple__tsdframe.npz`);
    assert.deepEqual((await npz.get("d")).shape, [100, 3]);
    assert.deepEqual((await (await npz.get("type")).read()).data, ["TsdFrame"]);
    assert.equal((await (await npz.get("t.npy")).read([99])).data.length, 1);
  },
});

Deno.test({
  name: `pickles that ask for more than plain data are refused by name${without}`,
  ignore: !hasCorpus,
  fn: async () => {
    const refusal = async (name: string) => {
      await using array = await openNpy(CORPUS + name);
      return await array.read().then(() => "read", (error: Error) => /asks for (.*)/.exec(error.message)?.[1]);
    };
    assert.equal(await refusal("numpy__py3-objarr.npy"), "builtins.range");
    assert.equal(await refusal("numpy__py2-objarr.npy"), "__builtin__.xrange");
    assert.equal(await refusal("numpy__py2-np0-objarr.npy"), "numpy.core._internal._reconstruct");
  },
});
