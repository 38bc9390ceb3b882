/**
 * Small inputs that once read wrong, each beside a script that says what is right. They lie beside the repository.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../shared/reports/", import.meta.url));

/** Path of a report, or `null` where the folder isn't. */
export function reportPath(name: string): string | null {
  return existsSync(FOLDER + name) ? FOLDER + name : null;
}
