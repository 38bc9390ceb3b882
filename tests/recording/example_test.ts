import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lazyProxies, overHttp } from "../../examples/neo_lazy_proxies.ts";
import { CORPUS } from "../corpus/find.ts";
import { startRangeServer } from "../support/range_server.ts";
import { makeTrc, TRC_DATA, TRC_ZONES } from "./make/micromed.ts";

const FILE = "ephy_testing_data__File_micromed_1.TRC";
const SEED = fileURLToPath(new URL("../../../shared/seeds/neo_lazy_load_and_proxies.txt", import.meta.url));
const isThere = CORPUS !== null && existsSync(SEED);

/** The lines of the seed from one to another, both included. */
function seedLines(from: string, to: string): string {
  const lines = readFileSync(SEED, "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(from));
  const end = lines.findIndex((line, i) => i >= start && line.includes(to));
  return lines.slice(start, end + 1).join("\n");
}

Deno.test({
  name: "the example prints what neo's demonstration prints: repr, header tables, both averages" +
    (isThere ? "" : " (skipped: no corpus)"),
  ignore: !isThere,
  fn: async () => {
    const printed: string[] = [];
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/File_micromed_1.TRC`;
      await Deno.copyFile(`${CORPUS}micromed/${FILE}`, path);
      await lazyProxies(path, (line) => printed.push(line));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    const [repr, header, eager, lazy] = printed;
    assert.equal(repr!.trimEnd(), seedLines("MicromedIO:", "event_channels: ["));
    assert.equal(header, seedLines("Header information:", "('type', 'S5')])}"));
    assert.equal(
      `${eager}\n${lazy}`,
      seedLines("Eagerly loading data and averaging: [", "]").split("\nLazy")[0] + "\n" +
        seedLines("Lazy loading data and average [", "]"),
    );
  },
});

Deno.test({
  name: "from a URL the demonstration costs the header's zones and its windows, never the file" +
    (isThere ? "" : " (skipped: no corpus)"),
  ignore: !isThere,
  fn: async () => {
    const server = await startRangeServer(`${CORPUS}micromed`);
    try {
      const printed: string[] = [];
      const average = await overHttp(`${server.url}/${FILE}`, (line) => printed.push(line));
      assert.equal(average[0], Math.fround(28.009033));
      const bytes = server.log.map((entry) => entry.bytes);
      // Four windows of 10 samples of 64 channels of 2 bytes.
      assert.deepEqual(bytes.slice(-4), [1280, 1280, 1280, 1280]);
      // Zones of channels and cuts; the zone of triggers.
      assert.equal(bytes.length, 7);
      assert.ok(bytes.reduce((sum, n) => sum + n, 0) < 220_000, String(bytes));
    } finally {
      await server.close();
    }
  },
});

Deno.test("the example runs on a recording of its own", async () => {
  const printed: string[] = [];
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(
      `${folder}/own.TRC`,
      makeTrc({
        electrodes: [{ code: 1, name: "Fp1" }, { code: 3, name: "Cz" }],
        rows: 512,
        value: (row, channel) => 32768 + row - 10 * channel,
        triggers: [[100, 1], [300, 1]],
      }),
    );
    const { eager, lazy } = await lazyProxies(`${folder}/own.TRC`, (line) => printed.push(line));
    // Rows 95 to 104 and 295 to 304: on average 195 + i; the second channel lies 10 lower; 0.09765625 uV a bit.
    const expected = Float32Array.from({ length: 10 }, (_, i) => (195 + i - 5) * 0.09765625);
    assert.deepEqual(eager, expected);
    assert.deepEqual(lazy, expected);
    assert.match(printed[0]!, /^MicromedIO: own\.TRC\nnb_block: 1\nnb_segment: {2}\[1\]/);
    assert.ok(TRC_DATA > TRC_ZONES.TRIGGER[0] + TRC_ZONES.TRIGGER[1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
