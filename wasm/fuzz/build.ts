/**
 * Builds the fuzz targets natively: `fuzz.mk` says how.
 *
 * @module
 */
import { runCommand } from "../../tests/support/run_command.ts";

/** Folder `wasm` of this repository. */
export const WASM: string = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
/** Folder that all that is built lies in; it can be deleted at any time. */
export const BUILD = `${WASM}/.build/fuzz`;

/** The targets, as `fuzz.mk` has them. */
export const TARGETS = ["walk", "chunks", "codecs", "write", "change", "reader"] as const;
/** Name of a target. */
export type Target = typeof TARGETS[number];

/** Debian's names of what a build for 32 bits needs. */
const PACKAGES = ["clang-14", "llvm-14", "libclang-rt-14-dev", "libc6-dev-i386", "lib32stdc++-12-dev", "make", "patch"];

/** Whether a program for 32 bits under the sanitizers can be linked here. */
async function hasTools(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.c`, "int LLVMFuzzerTestOneInput(void) { return 0; }\n");
    const flags = ["-m32", "-fsanitize=address,undefined,fuzzer", "a.c", "-lm", "-o", "a"];
    await runCommand("clang-14", flags, { cwd: folder });
    await runCommand("llvm-ar-14", ["--version"]);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Installs what a build needs, where it is missing.
 *
 * @throws {Error} If something is missing and the user isn't root, or apt-get fails.
 */
export async function installTools(): Promise<void> {
  if (await hasTools()) return;
  if (Deno.uid() !== 0) throw new Error(`Cannot build the fuzz targets: install ${PACKAGES.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", ["update", "-qq"], { env });
  await runCommand("apt-get", ["install", "-y", "-qq", ...PACKAGES], { env, seconds: 600 });
  if (!await hasTools()) throw new Error("Cannot build the fuzz targets: clang-14 links no program for 32 bits");
}

async function make(args: readonly string[]): Promise<void> {
  const variables = [`SRC=${WASM}/.build/src`, `WASM=${WASM}`];
  await runCommand("make", ["-f", `${WASM}/fuzz/fuzz.mk`, "-j2", ...args, ...variables], { cwd: BUILD, seconds: 3600 });
}

/**
 * Gets the sources and compiles what changed.
 *
 * @param targets Targets to link.
 */
export async function build(targets: readonly Target[]): Promise<void> {
  await Deno.mkdir(BUILD, { recursive: true });
  await runCommand(`${WASM}/build.sh`, ["--sources"], { seconds: 900 });
  await make(targets.map((target) => `fuzz_${target}`));
}

/**
 * Links a target with the fault that `planted/TARGET.patch` plants.
 *
 * @param target The target.
 * @returns Path of the program.
 * @throws {Error} If the patch doesn't fit.
 */
export async function buildPlanted(target: Target): Promise<string> {
  const patch = `${WASM}/fuzz/planted/${target}.patch`;
  const file = /^\+\+\+ b\/(\S+)$/m.exec(await Deno.readTextFile(patch))?.[1];
  if (file === undefined) throw new Error(`Cannot plant a fault: ${patch} names no file`);
  const folder = `${BUILD}/planted/${target}.src`;
  await Deno.mkdir(folder, { recursive: true });
  await runCommand("cp", ["-rT", `${WASM}/hdf5`, `${folder}/hdf5`]);
  await runCommand("cp", ["-rT", `${WASM}/reader`, `${folder}/reader`]);
  await runCommand("patch", ["-s", "-p1", "-N", "-i", patch], { cwd: folder });
  await make(["planted", `PLANTED=${target}`, `FILE=${file}`, `FOLDER=${folder}`]);
  return `${BUILD}/planted/${target}`;
}
