/**
 * Vite's dev server, which bundles packages into a folder of its own. Up to version 7 it leaves other files of a package
 * behind, and later ones too where packages lie above the app, as in a monorepo.
 *
 * @module
 */

/** Addresses that the dev server gives to a file: it says where it serves the module from. */
const SERVED = /"([^"]*\.wasm)[?"]/;

/**
 * Says whether this code is served by Vite's dev server, out of its folder of bundled packages.
 *
 * @param here The code's own address.
 * @returns True if it is.
 */
export function isViteDev(here: string | undefined = import.meta.url): boolean {
  // …/node_modules/.vite/deps/chunk-ABC.js?v=0123abcd
  return here !== undefined && /^https?:.*\/deps[^/]*\/[^/]+[?&]v=\w+/.test(here);
}

/**
 * Asks Vite's dev server where it serves a module of this package.
 *
 * @param name Which module.
 * @param here The code's own address.
 * @returns Its address; nothing where this isn't the dev server, or where it doesn't know.
 */
export async function locateInVite(name: string, here: string | undefined = import.meta.url): Promise<URL | undefined> {
  if (here === undefined || !isViteDev(here)) return undefined;
  // Files outside of the app are served under /@fs/; both it and /@id/ stand below the app's base.
  const base = here.replace(/(?:\/@fs\/|\/node_modules\/).*$/, "/");
  const root = base === here ? new URL("/", here) : base;
  try {
    // An import of a module by name, as Vite writes it: all versions from 5 on answer with a line that has its address.
    const response = await fetch(new URL(`@id/@microtome/microtome/${name}?import&init`, root));
    if (!response.ok || !/javascript/.test(response.headers.get("content-type") ?? "")) return undefined;
    const address = SERVED.exec(await response.text())?.[1];
    return address === undefined ? undefined : new URL(address, response.url);
  } catch {
    // What went wrong at the module's own place says more.
    return undefined;
  }
}
