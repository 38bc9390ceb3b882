/**
 * `deno task corpus [--only TEXT] [--no-url] [--verbose]`: reads every file of the corpus and every fixture by path and by URL,
 * compares with what the peers read, and prints how many are equal, and which are not and why.
 *
 * @module
 */
import { startRangeServer } from "../support/range_server.ts";
import type { Finding } from "./check_file.ts";
import { checkCorrupt } from "./corrupt.ts";
import { CORPUS, corpusFiles, corruptFiles, fixtureFiles, FIXTURES } from "./find.ts";
import { isEqual, reasonLines, summarize, summaryLine } from "./report.ts";
import { checkSet, type FileSet, SMALL_PAGES } from "./run.ts";

/** Random selections per dataset on which the direct path is compared with `H5Dread`. */
const SELECTIONS = 4;

async function main(args: string[]): Promise<number> {
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] ?? "" : "";
  const verbose = args.includes("--verbose");
  if (CORPUS === null) console.log("No corpus beside the repository: only the fixtures are read.");
  const roots = [{ name: "fixtures", root: FIXTURES, files: fixtureFiles() }];
  if (CORPUS !== null) roots.push({ name: "corpus", root: CORPUS, files: corpusFiles() });
  let differing = 0;
  for (const { name, root, files } of roots) {
    const wanted = files.filter(({ file }) => file.includes(only));
    if (wanted.length === 0) continue;
    const sets: FileSet[] = [{ name: `${name} by path`, base: root, files: wanted }];
    const server = args.includes("--no-url") ? null : await startRangeServer(root);
    if (server !== null) {
      const base = `${server.url}/`;
      sets.push({ name: `${name} by URL`, base, files: wanted });
      sets.push({ name: `${name} by URL in pages of 512 bytes`, base, files: wanted, open: SMALL_PAGES });
    }
    for (const set of sets) {
      const start = performance.now();
      const byPath = set.base === root;
      const reports = await checkSet(set, byPath ? { engines: SELECTIONS } : {}, (report) => {
        if (verbose) console.error(report.file);
      });
      const summary = summarize(reports);
      console.log(`${summaryLine(set.name, summary)} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      const listed = (finding: Finding) => byPath ? !isEqual(finding) : finding.status === "differs";
      for (const line of reasonLines(reports, listed)) console.log(`  ${line}`);
      differing += summary.byStatus.differs;
    }
    await server?.close();
  }
  const corrupt = corruptFiles().filter((file) => file.includes(only));
  if (corrupt.length > 0) {
    const outcomes = await checkCorrupt(corrupt);
    const bad = outcomes.filter(({ outcome }) => outcome === "broken");
    const refused = outcomes.filter(({ outcome }) => outcome === "refused").length;
    console.log(
      `damaged files: ${outcomes.length - bad.length - refused} read, ${refused} refused, ${bad.length} went wrong`,
    );
    for (const { file, detail } of bad) console.log(`  ${file}: ${detail}`);
    differing += bad.length;
  }
  return differing === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
