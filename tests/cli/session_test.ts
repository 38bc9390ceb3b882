import assert from "node:assert/strict";
import { create, Data } from "../../mod.ts";
import { Interval, IrregularTimeSeries } from "../../src/temporal/mod.ts";
import { fixture, run, serve } from "./support.ts";

const SESSION = "neural_session.h5";

Deno.test("info of a session says who wrote it, when there is something, and prints it", async () => {
  const { code, stdout, stderr } = await run(["info", fixture(SESSION)]);
  assert.equal(code, 0, stderr);
  const [rows, printed] = stdout.split("\n\n");
  assert.match(rows!, /^kind +HDF5 \(torch_brain\)$/m);
  assert.match(rows!, /^domain +0\.5 to 20 s$/m);
  await using session = await Data.load(fixture(SESSION));
  assert.equal(printed, `${session}\n`);
  assert.match(printed!, /^lfp=LazyRegularTimeSeries\(\n {2}is_artifact=<HDF5 dataset "is_artifact": shape \(480,\)/m);
});

Deno.test("info --json of a session tells its members, by URL too", async () => {
  await using server = await serve(fixture(""));
  const { stdout } = await run(["info", `${server.url}/${SESSION}`, "--json"]);
  const { kind, writtenAs, session } = JSON.parse(stdout);
  assert.deepEqual([kind, writtenAs], ["HDF5", ["torch_brain"]]);
  assert.deepEqual([session.type, session.domain, session.absoluteStart], ["Data", [[0.5, 20]], 0]);
  const members = new Map(session.members.map((member: { key: string }) => [member.key, member]));
  assert.deepEqual(members.get("spikes"), {
    key: "spikes",
    type: "IrregularTimeSeries",
    length: 460,
    domain: [[0.5, 12.25], [14, 20]],
    timekeys: ["timestamps"],
    arrays: [
      { key: "amplitude", shape: [460], dtype: "<f4" },
      { key: "is_burst", shape: [460], dtype: "bool" },
      { key: "quality", shape: [460], dtype: "str" },
      { key: "timestamps", shape: [460], dtype: "<f8" },
      { key: "unit_index", shape: [460], dtype: "<i8" },
    ],
  });
  const lfp = members.get("lfp") as Record<string, unknown>;
  assert.deepEqual([lfp.type, lfp.samplingRate, lfp.domain], ["RegularTimeSeries", 25, [[0.5, 19.7]]]);
  assert.deepEqual(members.get("mean_image"), { key: "mean_image", type: "array", shape: [6, 8], dtype: "<u2" });
  const splits = members.get("splits") as { type: string; members: { key: string; type: string }[] };
  assert.deepEqual([splits.type, splits.members.map(({ key, type }) => [key, type])], [
    "Data",
    [["counts", "array"], ["test_domain", "Interval"], ["train_domain", "Interval"], ["note", "attribute"]],
  ]);
  assert.deepEqual(members.get("people"), { key: "people", type: "attribute", value: ["Ada", "Grace Ü"] });
  assert.deepEqual(members.get("is_wireless"), { key: "is_wireless", type: "attribute", value: false });
});

Deno.test("info shortens a domain of many intervals, and says where there is none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const domain = Interval.arange(0, 10, 1).subdivide(0.5).selectByMask(
      Array.from({ length: 20 }, (_, i) => i % 2 === 0),
    );
    await new Data({ licks: new IrregularTimeSeries({ timestamps: [1] }) }, { domain }).save(`${folder}/many.h5`);
    const many = await run(["info", `${folder}/many.h5`]);
    assert.match(many.stdout, /^domain +0 to 0\.5 s, 1 to 1\.5 s, 2 to 2\.5 s, 3 to 3\.5 s, … \(10 intervals\)$/m);
    await new Data({ name: "nothing timed" }).save(`${folder}/none.h5`);
    const none = await run(["info", `${folder}/none.h5`]);
    assert.match(none.stdout, /^domain +none$/m);
    assert.match(none.stdout, /\n\nData\(\nname='nothing timed',\n\)\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("info of a file that only says it is a session tells its header, and what is wrong", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/wrong.h5`;
    await using file = await create(path);
    await file.attributes.set("object", "Data");
    await file.createDataset("spikes/timestamps", { data: [1] });
    await file.close();
    const message = 'Cannot read "/spikes": it has no attribute "object"';
    const text = await run(["info", path]);
    assert.equal(text.code, 0);
    assert.ok(text.stdout.includes(`session     ${message}`), text.stdout);
    const json = JSON.parse((await run(["info", path, "--json"])).stdout);
    assert.ok(json.session.error.startsWith(message));
    assert.deepEqual(json.members, ["spikes"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("info of other HDF5 files says nothing of sessions", async () => {
  const { stdout } = await run(["info", fixture("signal.h5")]);
  assert.doesNotMatch(stdout, /torch_brain|domain|Data\(/);
  assert.equal("session" in JSON.parse((await run(["info", fixture("signal.h5"), "--json"])).stdout), false);
});
