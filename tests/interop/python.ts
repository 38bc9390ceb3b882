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
// pynwb needs another hdmf than the one whose iterators are compared.
const NWB_FOLDER = `${FOLDER}nwb/`;
const NWB_REQUIREMENTS = fileURLToPath(new URL("./requirements_nwb.txt", import.meta.url));
// What is written in the newest format must be read by the libraries before HDF5 2: this h5py brings libhdf5 1.14.6.
const OLDER_FOLDER = `${FOLDER}hdf5_114/`;
const OLDER_REQUIREMENTS = fileURLToPath(new URL("./requirements_hdf5_114.txt", import.meta.url));
// neo, pyEDFlib and MNE ask for no certain NumPy, SpikeInterface for a Zarr before 3.
const NEO_FOLDER = `${FOLDER}neo/`;
const NEO_REQUIREMENTS = fileURLToPath(new URL("./requirements_neo.txt", import.meta.url));
const SPIKEINTERFACE_FOLDER = `${FOLDER}spikeinterface/`;
const SPIKEINTERFACE_REQUIREMENTS = fileURLToPath(new URL("./requirements_spikeinterface.txt", import.meta.url));
const NO_DEPS = fileURLToPath(new URL("./requirements_nodeps.txt", import.meta.url));

/** The interpreter with the pinned peers, or `null` where there is none: `MICROTOME_PYTHON`, or the one made here. */
export function findPython(): string | null {
  return find(process.env.MICROTOME_PYTHON, FOLDER, "h5py, hdf5plugin, fsspec, zarr, hdmf");
}

/** The one with pynwb, pynapple, temporaldata and torch_brain: `MICROTOME_NWB_PYTHON`, or the one made here. */
export function findNwbPython(): string | null {
  return find(process.env.MICROTOME_NWB_PYTHON, NWB_FOLDER, "pynwb, pynapple, temporaldata, torch_brain.data");
}

/** The one whose h5py has libhdf5 1.14: `MICROTOME_HDF5_114_PYTHON`, or the one made here. */
export function findOlderPython(): string | null {
  return find(process.env.MICROTOME_HDF5_114_PYTHON, OLDER_FOLDER, "h5py, hdf5plugin");
}

/** The one with neo, pyEDFlib and MNE: `MICROTOME_NEO_PYTHON`, or the one made here. */
export function findNeoPython(): string | null {
  return find(process.env.MICROTOME_NEO_PYTHON, NEO_FOLDER, "neo, pyedflib, mne");
}

/** The one with SpikeInterface: `MICROTOME_SPIKEINTERFACE_PYTHON`, or the one made here. */
export function findSpikeInterfacePython(): string | null {
  return find(process.env.MICROTOME_SPIKEINTERFACE_PYTHON, SPIKEINTERFACE_FOLDER, "spikeinterface");
}

/** Makes the folder and installs the pinned peers. */
export function installPython(): void {
  install(FOLDER, REQUIREMENTS);
}

/** Makes the folder of pynwb, pynapple, temporaldata and torch_brain. */
export function installNwbPython(): void {
  install(NWB_FOLDER, NWB_REQUIREMENTS);
  pip(NWB_FOLDER, "--no-deps", "-r", NO_DEPS);
}

/** Makes the folder of the h5py with libhdf5 1.14. */
export function installOlderPython(): void {
  install(OLDER_FOLDER, OLDER_REQUIREMENTS);
}

/** Makes the folder of neo, pyEDFlib and MNE. */
export function installNeoPython(): void {
  install(NEO_FOLDER, NEO_REQUIREMENTS);
}

/** Makes the folder of SpikeInterface. */
export function installSpikeInterfacePython(): void {
  install(SPIKEINTERFACE_FOLDER, SPIKEINTERFACE_REQUIREMENTS);
}

function find(chosen: string | undefined, folder: string, modules: string): string | null {
  const found = [chosen, `${folder}bin/python`, `${folder}Scripts/python.exe`]
    .find((path) => path !== undefined && existsSync(path));
  if (found === undefined) return null;
  return spawnSync(found, ["-c", `import ${modules}`]).status === 0 ? found : null;
}

function install(folder: string, requirements: string): void {
  const python = process.platform === "win32" ? "python" : "python3";
  execFileSync(python, ["-m", "venv", folder], { stdio: "inherit" });
  pip(folder, "-r", requirements);
}

function pip(folder: string, ...args: string[]): void {
  const python = existsSync(`${folder}bin/python`) ? `${folder}bin/python` : `${folder}Scripts/python.exe`;
  execFileSync(python, ["-m", "pip", "install", "--quiet", ...args], { stdio: "inherit" });
}

if (import.meta.main) {
  if (findPython() === null) installPython();
  if (findNwbPython() === null) installNwbPython();
  if (findOlderPython() === null) installOlderPython();
  if (findNeoPython() === null) installNeoPython();
  if (findSpikeInterfacePython() === null) installSpikeInterfacePython();
  console.log(findSpikeInterfacePython());
  console.log(findNeoPython());
  console.log(findOlderPython());
  console.log(findNwbPython());
  console.log(findPython());
}
