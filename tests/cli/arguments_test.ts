import assert from "node:assert/strict";
import { parseCall } from "../../src/cli/arguments.ts";
import { UsageError } from "../../src/cli/io.ts";
import { VERSION } from "../../src/cli/commands/usage.ts";
import { run } from "./support.ts";

Deno.test("arguments are read in any order", () => {
  const call = parseCall([
    "--json",
    "show",
    "a.h5",
    "--select",
    "-5:,::2",
    "/data",
    "-o",
    "x.npy",
    "--header",
    "Authorization: Bearer a:b ",
    "--header=X-A:1",
    "--timeout",
    "2.5",
    "--block-size=16K",
    "--cache",
    "8MiB",
    "--allow-external",
  ]);
  assert.deepEqual(call, {
    command: "show",
    source: "a.h5",
    path: "/data",
    json: true,
    select: "-5:,::2",
    output: "x.npy",
    depth: Infinity,
    options: {
      headers: [["Authorization", "Bearer a:b"], ["X-A", "1"]],
      timeout: 2500,
      blockSize: 16384,
      cacheBytes: 8 * 1024 * 1024,
      external: true,
    },
    series: {
      hasKey: true,
      window: { from: -Infinity, to: Infinity },
      raw: false,
      channels: undefined,
      filters: [],
      given: [],
      shade: undefined,
      width: 1200,
      height: undefined,
    },
  });
  assert.deepEqual(parseCall(["ls", "a.h5", "--depth", "2"]), {
    command: "ls",
    source: "a.h5",
    path: "/",
    json: false,
    select: undefined,
    output: undefined,
    depth: 2,
    options: { external: false },
  });
  assert.equal(parseCall(["info", "--", "--odd"]).source, "--odd");
});

Deno.test("a wrong call says what is wrong, in one line and with exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [[], /without a command: expected ls, show, info, convert, nwb, plot or batch$/],
    [["draw", "a"], /Cannot run "draw": expected ls, show, info, convert, nwb, plot or batch$/],
    [["toString", "a"], /Cannot run "toString"/],
    [["ls"], /Cannot run ls without SOURCE: expected ls SOURCE \[PATH\]$/],
    [["info", "a", "b"], /Cannot use "b" with info: expected info SOURCE$/],
    [["ls", ""], /empty SOURCE$/],
    [["ls", "a", "--select", "0"], /Cannot use --select with ls: it belongs to show, convert, plot$/],
    [["show", "a", "b", "--depth", "1"], /Cannot use --depth with show: it belongs to ls$/],
    [["ls", "a", "--frob"], /unknown option '--frob'/],
    [["ls", "a", "--depth", "x"], /"x" as --depth: expected a whole number$/],
    [["ls", "a", "--depth"], /'--depth <value>' argument missing/],
    [["ls", "a", "--timeout", "0"], /"0" as --timeout: expected a number above 0$/],
    [["ls", "a", "--timeout", ""], /"" as --timeout/],
    [
      ["ls", "a", "--block-size", "64X"],
      /"64X" as --block-size: expected a number of bytes such as 65536 or 64K, at least 512$/,
    ],
    [["ls", "a", "--block-size", "8"], /at least 512$/],
    [["ls", "a", "--cache", "-1"], /argument is ambiguous|"-1" as --cache/],
    [["ls", "a", "--from", "1"], /Cannot use --from with ls: it belongs to show, convert, nwb, plot$/],
    [["nwb", "a", "--to", "1"], /Cannot use --to without KEY: it is for one entry$/],
    [["nwb", "a", "k", "--from", "x"], /"x" as --from: expected a number of seconds$/],
    [["nwb", "a", "k", "--to", "Infinity"], /"Infinity" as --to: expected a number of seconds$/],
    [["nwb", "a", "k", "--from", "2", "--to", "-1"], /--from 2 --to -1: --from should not follow --to$/],
    [["plot", "a", "k"], /Cannot run plot without -o: expected a name that ends in .svg or .png$/],
    [["plot", "a", "k", "-o", "x.svg", "--width", "9999"], /"9999" as --width: expected 160 to 8192 pixels$/],
    [["plot", "a", "k", "-o", "x.svg", "--raw", "--depth", "1"], /Cannot use --depth with plot/],
    [["ls", "a", "--header", "novalue"], /header "novalue": expected "NAME: VALUE"$/],
    [["ls", "a", "--header", "a b: c"], /header "a b: c"/],
  ];
  for (const [args, message] of cases) {
    assert.throws(() => parseCall(args), (error) => {
      assert(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      return true;
    });
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^microtome: .*\nRun "microtome --help" for how it is called\n$/);
  }
});

Deno.test("a window of time may begin and end below zero, and has no ends where none are given", () => {
  const { series } = parseCall(["nwb", "a", "k", "--from", "-5", "--to", "-0.5"]);
  assert.deepEqual(series?.window, { from: -5, to: -0.5 });
  assert.deepEqual(parseCall(["plot", "a", "k", "-o", "x.svg"]).series?.window, { from: -Infinity, to: Infinity });
  assert.equal(parseCall(["nwb", "a"]).series?.hasKey, false);
});

Deno.test("--help and --version print and succeed", async () => {
  const help = await run(["--help"]);
  assert.equal(help.code, 0);
  for (const word of ["ls SOURCE", "show SOURCE", "info SOURCE", "convert SOURCE", "--json"]) {
    assert(help.stdout.includes(word));
  }
  const version = await run(["ls", "--version"]);
  const { version: declared } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assert.equal(version.stdout, `${declared}\n`);
  assert.equal(VERSION, declared);
});
