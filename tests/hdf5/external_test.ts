import assert from "node:assert/strict";
import { ExternalFileError } from "../../mod.ts";
import { besideBase } from "../../src/hdf5/engine/external.ts";

Deno.test("A relative name lies beside the file, on disk and on a server", () => {
  assert.equal(besideBase("b.h5", "/data/a.h5"), "/data/b.h5");
  assert.equal(besideBase("./parts/b.h5", "a.h5"), "parts/b.h5");
  assert.equal(besideBase("b 1#.h5", "https://host/d/a.h5"), "https://host/d/b%201%23.h5");
});

Deno.test("A signed URL keeps its query for the files beside it", () => {
  assert.equal(besideBase("b.h5", "https://host/d/a.h5?token=1"), "https://host/d/b.h5?token=1");
});

Deno.test("Names that lead elsewhere are refused", () => {
  for (
    const name of ["../b.h5", "x/../../b.h5", "/etc/passwd", "C:\\b.h5", "\\\\server\\b", "http://other/b.h5", "file:b"]
  ) {
    assert.throws(() => besideBase(name, "https://host/d/a.h5"), ExternalFileError, name);
  }
});
