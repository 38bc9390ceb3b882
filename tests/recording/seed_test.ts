// Every line of neo's demonstration, by the tests that hold it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COVERAGE = fileURLToPath(new URL("../../../shared/facts/seed_coverage.md", import.meta.url));
const TESTS = fileURLToPath(new URL("./", import.meta.url));

const EXAMPLE = "the example prints what neo's demonstration prints: repr, header tables, both averages";
const BY_URL = "from a URL the demonstration costs the header's zones and its windows, never the file";

/** Lines of the demonstration, and the names of tests that hold what they show. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  // The URL can be given itself: nothing is downloaded.
  "5-8": [BY_URL],
  "12-17": [EXAMPLE, BY_URL],
  "21": ["micromed: the corpus' file reads as neo reads it: tables, samples, events"],
  "22": [
    "what reads opens first; what is known of the header says so before",
    "a header that couldn't be read is tried again",
  ],
  "26-34": [EXAMPLE, "neo's example: its tables, counts and what is printed of it are neo's"],
  "36-103": [EXAMPLE, "neo's example: its tables, counts and what is printed of it are neo's"],
  "36": ["micromed: the corpus' file reads as neo reads it: tables, samples, events", EXAMPLE],
  "107-118": [EXAMPLE, "the example runs on a recording of its own"],
  "122-123": ["times are seconds or texts with a unit"],
  "127, 142": [
    "blocks hold their segments, with what is known of them",
    "a stretch of a segment can be read at once, but not lazily",
  ],
  "128-129, 143-144": ["signals of a segment: channels of one unit each, in the order in which units appear"],
  "131, 146": ["spikes, events and epochs are loaded by time, both ends included"],
  "133": [
    "an eager signal's slice is a view of it, and refuses what it hasn't",
    "windows of one length have one number of samples, wherever they begin",
  ],
  "143": ["spikes, events and epochs are loaded by time, both ends included"],
  "150": ["a load is the samples nearest to its times, as neo's tests have it"],
  "148-149": [
    BY_URL,
    "micromed: a second of 64 channels of a 1 GB file by URL costs the header's zones, then one request",
  ],
  "158-163": [EXAMPLE],
  // How long a notebook's cell ran, which nothing can be held to.
  "165": [],
};

/** First cells of the table of section 1, which are lines of the demonstration. */
function rowsOf(text: string): string[] {
  const section = text.slice(text.indexOf("## 1. neo seed"), text.indexOf("## 2. YASS seed"));
  return [...section.matchAll(/^\| *(\d[\d, -]*?) *\|/gm)].map(([, lines]) => lines!);
}

Deno.test("each test that a line of neo's demonstration is held by is there", () => {
  const sources = readdirSync(TESTS).filter((name) => name.endsWith("_test.ts") && name !== "seed_test.ts")
    .map((name) => readFileSync(TESTS + name, "utf8"));
  const isThere = (name: string) =>
    sources.some((source) => source.includes(`Deno.test("${name}"`) || source.includes(`name: "${name}"`));
  for (const [lines, names] of Object.entries(ROWS)) {
    for (const name of names) assert.ok(isThere(name), `${lines}: there is no test ${JSON.stringify(name)}`);
  }
});

Deno.test({
  name: `no line of neo's demonstration is without a test${existsSync(COVERAGE) ? "" : " (skipped: no corpus)"}`,
  ignore: !existsSync(COVERAGE),
  fn: () => {
    const rows = rowsOf(readFileSync(COVERAGE, "utf8"));
    assert.ok(rows.length >= 18, String(rows));
    assert.deepEqual(rows.filter((lines) => ROWS[lines] === undefined), []);
    assert.deepEqual(Object.keys(ROWS).filter((lines) => !rows.includes(lines)), []);
  },
});
