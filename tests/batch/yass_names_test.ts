/** The seed's names against the exports, and the rows of its coverage against tests. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as batch from "../../src/batch/mod.ts";
import { checkOptions } from "../../src/source/options.ts";
import { APPLY_OPTIONS } from "../../src/batch/process/apply/apply_options.ts";
import { PROCESSOR_OPTIONS } from "../../src/batch/process/apply/processor_parts.ts";
import { LAYOUT, SMALL } from "./yass_support.ts";

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The seed's classes with their methods and properties, and its functions. */
const SEED: Readonly<Record<string, readonly string[]>> = {
  BatchProcessor: ["multi_channel", "multi_channel_apply", "single_channel", "single_channel_apply"],
  BatchPipeline: ["add", "run"],
  PipedTransformation: ["keep"],
  RecordingsReader: ["channels", "data", "data_order", "dtype", "observations", "shape"],
  BinaryReader: [],
  MemoryMap: [],
  butterworth: [],
  standarize: [],
};

/** The seed's options, by what takes them. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  processor: [
    "dtype",
    "n_channels",
    "data_order",
    "data_format",
    "max_memory",
    "buffer_size",
    "loader",
    "show_progress_bar",
  ],
  apply: [
    "mode",
    "cleanup_function",
    "output_path",
    "force_complete_channel_batch",
    "from_time",
    "to_time",
    "channels",
    "if_file_exists",
    "cast_dtype",
    "pass_batch_info",
    "pass_batch_results",
    "processes",
    "kwargs",
  ],
};

Deno.test("every class, method, property and function of the seed is exported, in camelCase", async () => {
  await using processor = await batch.BatchProcessor.open(SMALL, LAYOUT);
  await using reader = await batch.RecordingsReader.open(SMALL, LAYOUT);
  const step = new batch.PipedTransformation((values) => values, "a.bin", { mode: "multiChannel" });
  const made: Readonly<Record<string, object>> = {
    BatchProcessor: processor,
    RecordingsReader: reader,
    PipedTransformation: step,
    BatchPipeline: new batch.BatchPipeline(SMALL, { ...LAYOUT, outputPath: "x" }),
  };
  const exported = batch as unknown as Readonly<Record<string, unknown>>;
  for (const [name, members] of Object.entries(SEED)) {
    assert.equal(typeof exported[name], "function", name);
    for (const member of members) assert.ok(camel(member) in made[name]!, `${name}.${camel(member)}`);
  }
});

Deno.test("names of the seed: every option is taken in camelCase and refused in snake_case; defaults are the seed's, but for the progress bar", async () => {
  for (const [what, names] of [[PROCESSOR_OPTIONS, OPTIONS.processor!], [APPLY_OPTIONS, OPTIONS.apply!]] as const) {
    for (const name of names) {
      checkOptions({ [camel(name)]: 1 }, what, "test");
      if (name.includes("_")) assert.throws(() => checkOptions({ [name]: 1 }, what, "test"), TypeError);
    }
  }
  for (const name of ["buffer_size", "return_data_index"]) {
    await assert.rejects(batch.RecordingsReader.open(SMALL, { ...LAYOUT, [name]: 1 }), TypeError);
  }
  await using processor = await batch.BatchProcessor.open(SMALL, LAYOUT);
  assert.deepEqual([processor.maxMemory, processor.bufferSize], [2 ** 30, 0]);
  assert.equal(new batch.PipedTransformation((values) => values, "a", { mode: "multi_channel" }).keep, false);
});

/** Rows of the coverage of the seed, by their lines there, and a part of the name of the test that shows each. */
const ROWS: Readonly<Record<string, string>> = {
  "5": "names of the seed",
  "22-24": "dataFormat is another name of dataOrder, sample of samples",
  "26-28": "sizes are powers of 1,024",
  "30-32": "each channel doubled goes to a file",
  "34-36": "readers give the same of both orders, by all three loaders",
  "38-40": "names of the seed",
  "42-45": "a size that doesn't fit dtype and channels",
  "47-54": "items of multiChannel destructure as three",
  "76-95": "the example goes through the seed's seven programs",
  "99-110": "the example goes through the seed's seven programs",
  "111-118": "a function is called with its keywords",
  "120-122": "a file of channels, applied to by batches of all",
  "124-126": "the cleanup function gets result, local, index and buffer",
  "128-130": "wrong options are refused by name",
  "132-134": "forceCompleteChannelBatch is ignored for several channels",
  "136-146": "times are numbers of observations, or texts",
  "148-150": "an output that is there is an error with abort",
  "152-154": "casts round to the nearest even and clip",
  "156-162": "the largest of each batch, and a fold by previousBatch",
  "164-166": "a function is called with its keywords",
  "168-175": "the largest of each batch, and a fold by previousBatch",
  "177-181": "memory is counted whole",
  "200-256": "the example goes through the seed's seven programs",
  "257-323": "the example goes through the seed's seven programs",
  "324-331": "batches of one channel: places",
  "353-371": "the example goes through the seed's seven programs",
  "378-382": "the example goes through the seed's seven programs",
  "386-389": "the example goes through the seed's seven programs",
  "390-441": "each channel doubled goes to a file channel after channel",
  "460, 480-485": "butterworth gives the numbers of SciPy's lfilter",
  "503-542": "a pipeline gives two lists",
  "553, 574-576": "standarize gives the numbers of the facts",
  "555": "a pipeline that was interrupted goes on",
  "569-578": "a pipeline gives two lists",
  "580, 598-609": "a pipeline gives two lists",
  "583-597": "the example goes through the seed's seven programs",
  "624-626": "names of the seed",
  "628-642": "a pipeline that was interrupted goes on",
  "646-679": "something that isn't given needs a sidecar",
  "681-686": "readers give the same of both orders",
  "706-738": "the example goes through the seed's seven programs",
  "736": "a reader has shape, observations, channels, data",
  "739-761": "a reader has shape, observations, channels, data",
  "765-776": "BinaryReader and MemoryMap read as YASS' classes do",
  "778-780": "BinaryReader and MemoryMap read as YASS' classes do",
};

/** The text of all tests of YASS' module. */
function testTexts(): string {
  const folder = new URL("./", import.meta.url);
  return readdirSync(folder).filter((name) => /^yass_.*_test\.ts$/.test(name) && name !== "yass_names_test.ts")
    .map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n") +
    readFileSync(new URL(import.meta.url), "utf8").split("const ROWS")[0]!;
}

Deno.test("every row of the seed's coverage is named by a test that is there", () => {
  const texts = testTexts();
  for (const [row, name] of Object.entries(ROWS)) {
    assert.ok(texts.includes(name), `${row}: no test is called "${name}"`);
  }
});

const COVERAGE = fileURLToPath(new URL("../../../shared/facts/seed_coverage.md", import.meta.url));
const isThere = existsSync(COVERAGE);

Deno.test({
  name: `the rows are those of the coverage${isThere ? "" : " (skipped: it isn't here)"}`,
  ignore: !isThere,
  fn: () => {
    const section = readFileSync(COVERAGE, "utf8").split("## 2. YASS seed")[1]!.split("\nCount:")[0]!;
    const rows = [...section.matchAll(/^\| (\d[\d, -]*) \|/gm)].map((match) => match[1]!.trim());
    assert.ok(rows.length >= 40, `${rows.length} rows`);
    assert.deepEqual(Object.keys(ROWS).sort(), rows.sort());
  },
});
