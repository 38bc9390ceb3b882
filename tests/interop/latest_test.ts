/** Files as h5py writes them with `libver="latest"`, made on the spot by `latest.py`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ExpectedFile, parseLines } from "../corpus/expected.ts";
import { reasonLines } from "../corpus/report.ts";
import { checkSet, type FileSet, SMALL_PAGES } from "../corpus/run.ts";
import { startRangeServer } from "../support/range_server.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";

function run(script: string, folder: string, input = ""): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return execFileSync(PYTHON!, [path, folder], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
}

/** Fails where the peer couldn't read or didn't see something itself, so that nothing is compared with nothing. */
function compared(files: readonly ExpectedFile[]): number {
  let count = 0;
  for (const { file, open_error, walk_error, datasets, attributes } of files) {
    assert.equal(open_error ?? walk_error, undefined, file);
    for (const [path, { error }] of Object.entries(datasets)) {
      assert.ok(error === undefined || /dangling/.test(path), path);
    }
    count += Object.keys(datasets).length + Object.keys(attributes ?? {}).length;
  }
  return count;
}

Deno.test({
  name:
    `forty files that h5py writes with libver="latest" read the same by path and by URL in pages of 512 bytes${without}`,
  ignore: PYTHON === null,
  fn: async () => {
    const folder = `${mkdtempSync(join(tmpdir(), "microtome-latest-"))}/`;
    const server = await startRangeServer(folder);
    try {
      const names = run("./latest.py", folder);
      const files = parseLines(run("./dump.py", folder, names)) as ExpectedFile[];
      assert.ok(files.length >= 40 && compared(files) > 150, `${files.length} files`);
      const sets: FileSet[] = [
        { name: "by path", base: folder, files },
        { name: "by URL", base: `${server.url}/`, files, open: SMALL_PAGES },
      ];
      for (const set of sets) {
        const reports = await checkSet(set, set.base === folder ? { engines: 4 } : {});
        assert.deepEqual(reasonLines(reports, ({ status }) => status !== "equal" && status !== "link"), [], set.name);
      }
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  },
});
