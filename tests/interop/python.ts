/**
 * The Python that holds the peers: made by `deno run -A tests/interop/python.ts`, in a folder that git ignores.
 *
 * @module
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./.venv/", import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL("./requirements.txt", import.meta.url));

/** The interpreter with the pinned peers, or `null` where there is none: `MICROTOME_PYTHON`, or the one made here. */
export function findPython(): string | null {
  const found = [process.env.MICROTOME_PYTHON, `${FOLDER}bin/python`, `${FOLDER}Scripts/python.exe`]
    .find((path) => path !== undefined && existsSync(path));
  if (found === undefined) return null;
  return spawnSync(found, ["-c", "import h5py, hdf5plugin, fsspec, zarr, hdmf"]).status === 0 ? found : null;
}

/** Makes the folder and installs the pinned peers. */
export function installPython(): void {
  const python = process.platform === "win32" ? "python" : "python3";
  execFileSync(python, ["-m", "venv", FOLDER], { stdio: "inherit" });
  const pip = existsSync(`${FOLDER}bin/python`) ? `${FOLDER}bin/python` : `${FOLDER}Scripts/python.exe`;
  execFileSync(pip, ["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], { stdio: "inherit" });
}

if (import.meta.main) {
  if (findPython() === null) installPython();
  console.log(findPython());
}
