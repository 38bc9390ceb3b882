/**
 * Damaged and hostile files: each must give values or a `MicrotomeError`, in time, and harm no other file.
 *
 * @module
 */
import { type H5File, MicrotomeError, open } from "../../mod.ts";
import { CORPUS } from "./find.ts";

/** What came of one damaged file. */
export interface CorruptOutcome {
  readonly file: string;
  /** `read`: everything was; `refused`: something gave a `MicrotomeError`; `broken`: something else was thrown. */
  readonly outcome: "read" | "refused" | "broken";
  readonly detail: string;
}

/** A walk is given this many objects, since a hostile file may be a circle. */
const OBJECTS = 300;
/** And its datasets are read up to this many bytes. */
const BYTES = 64 * 2 ** 20;
/** Milliseconds after which a file counts as hanging. */
const PATIENCE = 20_000;

/**
 * Opens, walks and reads damaged files.
 *
 * @param files Names relative to the corpus.
 */
export async function checkCorrupt(files: readonly string[]): Promise<CorruptOutcome[]> {
  const outcomes: CorruptOutcome[] = [];
  for (const file of files) outcomes.push({ file, ...await checkOne(`${CORPUS}${file}`) });
  return outcomes;
}

async function checkOne(path: string): Promise<Omit<CorruptOutcome, "file">> {
  const errors: unknown[] = [];
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  const start = performance.now();
  try {
    const file = await open(path);
    try {
      await walk(file, errors, controller.signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    errors.push(error);
  } finally {
    clearTimeout(timer);
  }
  const wrong = errors.find((error) => !(error instanceof MicrotomeError));
  if (wrong !== undefined) {
    return { outcome: "broken", detail: wrong instanceof Error ? `${wrong.stack}` : String(wrong) };
  }
  const milliseconds = performance.now() - start;
  if (milliseconds > PATIENCE) return { outcome: "broken", detail: `took ${(milliseconds / 1000).toFixed(0)} s` };
  const [first] = errors;
  return first === undefined
    ? { outcome: "read", detail: "" }
    : { outcome: "refused", detail: (first as Error).message };
}

async function walk(file: H5File, errors: unknown[], signal: AbortSignal): Promise<void> {
  const paths = ["/"];
  for (let i = 0; i < paths.length && i < OBJECTS; i++) {
    signal.throwIfAborted();
    const path = paths[i]!;
    try {
      const object = await file.get(path);
      await object.attributes.all().catch((error) => errors.push(error));
      if (object.kind === "group") {
        const links = await object.links();
        paths.push(
          ...links.filter(({ type }) => type === "hard").map(({ name }) => `${path.replace(/\/$/, "")}/${name}`),
        );
      } else if (object.kind === "dataset" && object.byteLength <= BYTES) await object.read(null, { signal });
    } catch (error) {
      errors.push(error);
    }
  }
}
