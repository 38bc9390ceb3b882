import assert from "node:assert/strict";
import { computePerievent } from "../../src/series/analysis/perievent.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";

Deno.test("a misspelt option is refused by name, by constructors, methods and analyses alike", async () => {
  const wrong = { compatibel: "pynapple" } as never;
  const why = /^TypeError: Cannot .*: unknown option "compatibel"; perhaps "compatible" was meant$/;
  const tsd = new Tsd([0, 1, 2], [1, 2, 3]);
  assert.throws(() => new Ts([1, 2], wrong), why);
  assert.throws(() => new Tsd([1, 2], [3, 4], wrong), why);
  assert.throws(() => new TsGroup([new Ts([1, 2])], wrong), why);
  assert.throws(() => new Ts([1, 2]).count(1, wrong), why);
  await assert.rejects(computePerievent(tsd, new Ts([1]), 1, wrong), why);
  await assert.rejects(async () => await tsd.smooth(1, wrong), /unknown option "compatibel"/);
});
