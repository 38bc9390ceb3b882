import assert from "node:assert/strict";
import { join } from "node:path";

const RUNNER = decodeURIComponent(new URL("./run_measured.ts", import.meta.url).pathname);
const SIZE = 480e6;
const MOST = 340e6;

Deno.test("a file that is larger than the memory that may be used is converted, whatever the target", async () => {
  const folder = await Deno.makeTempDir({ prefix: "microtome-convert-" });
  try {
    const source = join(folder, "x.dat");
    await Deno.writeFile(source, new Uint8Array(0));
    // A file of holes: it takes no room on the disk.
    await Deno.truncate(source, SIZE);
    for (const kind of ["npy", "h5", "zarr", "npz", "bin"]) {
      const target = join(folder, `y.${kind}`);
      const layout = ["--dtype", "int16", "--shape", "-1,100"];
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", RUNNER, "convert", source, target, ...layout],
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const bytes = Number(new TextDecoder().decode(stdout));
      assert(bytes > 0 && bytes < MOST, `${kind}: ${bytes / 1e6} MB`);
      await Deno.remove(target, { recursive: true });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
