import assert from "node:assert/strict";
import { fixture, run } from "./support.ts";

interface Node {
  name: string;
  path: string;
  kind: string;
  members?: Node[];
  [key: string]: unknown;
}

async function tree(...args: string[]): Promise<Node> {
  const { code, stdout, stderr } = await run(["ls", ...args, "--json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const find = (node: Node, path: string): Node => {
  const found = [node, ...(node.members ?? [])].find((entry) => path === entry.path) ??
    find(node.members!.find((member) => path.startsWith(`${member.path}/`))!, path);
  return found;
};

Deno.test("ls prints datasets with shape, dtype, chunks and filters, and attributes", async () => {
  const { code, stdout, stderr } = await run(["ls", fixture("signal.h5")]);
  assert.equal(code, 0);
  assert.match(stderr, /^\d+ requests?, .* round trips?\n$/);
  assert.match(stdout, /^\/\n/);
  assert.match(stdout, /^[│├└ ]+── signal {2}int16 \(20000, 8\) {2}chunks \(\d+, \d+\) {2}\S*shuffle, deflate \d$/m);
  assert.match(stdout, /^├── recording\/$/m);
  const attributes = await run(["ls", fixture("attributes.h5"), "/values"]);
  assert.equal(attributes.stdout, '/values  int16 (3,)\n    @unit = "V"\n');
});

Deno.test("ls --json is a nested object", async () => {
  const root = await tree(fixture("signal.h5"));
  assert.equal(root.kind, "group");
  const signal = find(root, "/signal");
  assert.deepEqual(signal.shape, [20000, 8]);
  assert.equal(signal.dtype, "<i2");
  assert.equal((signal.chunks as number[]).length, 2);
  assert.deepEqual((signal.filters as { name: string }[]).map(({ name }) => name), ["shuffle", "deflate"]);
  assert.equal(find(root, "/recording").kind, "group");
  assert(Array.isArray(find(root, "/recording").members));
});

Deno.test("attributes of every kind come with their values", async () => {
  const { attributes } = await tree(fixture("attributes.h5")) as unknown as { attributes: Record<string, unknown> };
  assert.equal(attributes.text, "variable text, µV");
  assert.equal(attributes.bool, true);
  assert.equal(attributes.uint, "18446744073709551615");
  assert.equal(attributes.empty, null);
  assert.deepEqual(attributes.none, []);
  assert.deepEqual(attributes.big_endian, [[0, 1, 2], [3, 4, 5]]);
  assert.deepEqual(attributes.complex, [[1, 2]]);
  assert.deepEqual(attributes.texts, ["one", "two", "three"]);
  assert.deepEqual(attributes.record, [{ a: 1, b: 2.5, c: "abc" }]);
  assert.deepEqual((attributes.array as unknown[]).length, 3);
});

Deno.test("links are shown with their targets, and objects with several hard links once", async () => {
  const root = await tree(fixture("links.h5"));
  const link = (path: string) => {
    const { kind, link, target, file, leadsTo } = find(root, path);
    return { kind, link, target, file, leadsTo };
  };
  assert.deepEqual(link("/soft"), {
    kind: "link",
    link: "soft",
    target: "/data/values",
    file: undefined,
    leadsTo: "dataset",
  });
  assert.equal(link("/dangling").leadsTo, null);
  assert.deepEqual(link("/external"), {
    kind: "link",
    link: "external",
    target: "/there/values",
    file: "links_target.h5",
    leadsTo: null,
  });
  assert.deepEqual(link("/data/values"), {
    kind: "link",
    link: "hard",
    target: "/hard",
    file: undefined,
    leadsTo: "dataset",
  });
  assert.equal(find(root, "/data/parent").target, "/", "a circle ends");
  assert.equal(find(root, "/hard").kind, "dataset");
  const allowed = await tree(fixture("links.h5"), "--allow-external");
  assert.equal(find(allowed, "/external").leadsTo, "dataset");
  assert.equal(find(allowed, "/external_absent").leadsTo, null);
});

Deno.test("--depth leaves out what lies deeper, and says so", async () => {
  const root = await tree(fixture("links.h5"), "--depth", "0");
  assert.equal(root.members, undefined);
  const one = await run(["ls", fixture("links.h5"), "--depth", "1"]);
  assert.match(one.stdout, /├── chain\/ {2}\((\d+ members, )?not listed\)/);
  assert.doesNotMatch(one.stdout, /link00/);
});

Deno.test("ls starts anywhere, and says where there is nothing", async () => {
  assert.match((await run(["ls", fixture("signal.h5"), "/recording"])).stdout, /^\/recording\/\n/);
  assert.match(
    (await run(["ls", fixture("types.h5"), "/point"])).stdout,
    /^\/point {2}type compound \{x: float64, y: float64\}\n/,
  );
  const nothing = await run(["ls", fixture("signal.h5"), "/nothing"]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /^microtome: .*"\/nothing".*\n$/);
  assert.equal(nothing.stdout, "");
});

Deno.test("a link to another file that may not be opened says which option allows it", async () => {
  const { code, stderr } = await run(["show", fixture("links.h5"), "/external"]);
  assert.equal(code, 1);
  assert.match(stderr, /"links_target.h5"; use --allow-external to allow files beside it\n$/);
  assert.equal((await run(["show", fixture("links.h5"), "/external", "--allow-external"])).code, 0);
});

Deno.test("ls of a thousand groups takes few requests", async () => {
  const { code, stdout, stderr } = await run(["ls", fixture("many_groups.h5")]);
  assert.equal(code, 0);
  assert(stdout.split("\n").length > 100);
  assert(parseInt(stderr) < 60, stderr);
});
