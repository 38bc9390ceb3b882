/**
 * What is done, or said, where a module isn't where the package keeps it. Loaded only then; it imports little, because bundles
 * of one file wrap all that such a file imports.
 *
 * @module
 */
import type { ModuleSlot } from "./module_slot.ts";
import { isViteDev, locateInVite } from "./vite_dev.ts";

/**
 * Finds where else a module lies.
 *
 * @param slot Which.
 * @param home Where it should lie; nothing where the runtime doesn't say.
 * @param cause What went wrong there.
 * @param here The loading code's own address.
 * @returns Its address, or where it lies nowhere, the error's message, which says what to write.
 */
export async function findElsewhere(
  slot: ModuleSlot,
  home: URL | undefined,
  cause: unknown,
  here: string | undefined,
): Promise<URL | string> {
  if (home === undefined) {
    return `Cannot find ${slot.name}: this runtime gives no import.meta.url. In Cloudflare Workers write ${
      workersLines(slot)
    }; in a bundle in CommonJS, import from "@microtome/microtome/inline"`;
  }
  const moved = await locateInVite(slot.name, here);
  if (moved !== undefined) return moved;
  const why = cause instanceof Error ? cause.message : String(cause);
  return `Cannot load ${home.href}: ${why}; ${remedyFor(slot, here)}`;
}

/**
 * What to write where code may not be compiled.
 *
 * @param slot Which module.
 * @param message What the runtime says.
 * @returns The end of a sentence; empty where that isn't what is wrong.
 */
export function workersHint(slot: ModuleSlot, message: string): string {
  // What V8 says where code may not be generated.
  return message.includes("disallowed by embedder") ? `; in Cloudflare Workers write ${workersLines(slot)}` : "";
}

/** What to write where the module isn't beside the code. */
function remedyFor({ name, option }: ModuleSlot, here: string | undefined): string {
  if (isViteDev(here)) {
    return `in Vite's configuration write optimizeDeps: { exclude: ["@microtome/microtome"] }, or pass its address to ` +
      `init({ ${option === "reader" ? "reader" : "url"} })`;
  }
  const elsewhere = option === "reader" ? "init({ reader })" : "init({ url }) or init({ bytes })";
  return `a bundle has to bring ${name} along: import from "@microtome/microtome/inline" instead of ` +
    `"@microtome/microtome" (esbuild, bun build and others that don't copy files), or pass it to ${elsewhere}`;
}

function workersLines({ name, option }: ModuleSlot): string {
  return `import ${option} from "@microtome/microtome/${name}" and await init({ ${option} })`;
}
