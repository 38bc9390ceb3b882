import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { open } from "../../mod.ts";

const FEW = ["m", "z", "a", "k"];
const MANY = Array.from({ length: 40 }, (_, i) => String((7 * i) % 40).padStart(2, "0"));

for (const name of ["order.h5", "order_old.h5"]) {
  const path = fileURLToPath(new URL(`../data/odd/${name}`, import.meta.url));
  for (const kind of ["none", "tracked", "indexed"]) {
    for (const [size, made] of [["few", FEW], ["many", MANY]] as const) {
      const wanted = kind === "none" ? made.toSorted() : made;
      Deno.test(`${name}: a group that keeps its order (${kind}, ${size}) is listed by it, else by name`, async () => {
        await using file = await open(path);
        const group = await file.group(`${kind}_${size}`);
        assert.deepEqual(await group.keys(), wanted);
        assert.deepEqual((await group.members()).map((member) => member.name), wanted);
        assert.deepEqual(await group.keys({ creationOrder: true }), wanted);
        assert.deepEqual(await group.keys({ creationOrder: false }), made.toSorted());
        assert.deepEqual(await group.attributes.keys(), wanted);
        assert.deepEqual(
          Object.keys(await group.attributes.all({ creationOrder: false })),
          Object.keys(
            Object.fromEntries(made.toSorted().map((name) => [name, 0])),
          ),
        );
        // Integer-like names come first in any object, so the list says the order.
        assert.deepEqual(
          (await group.attributes.list({ creationOrder: false })).map(({ name }) => name),
          made.toSorted(),
        );
      });
    }
  }

  Deno.test(`${name}: attributes of the root and of datasets are listed as they were made`, async () => {
    await using file = await open(path);
    assert.deepEqual(await file.attributes.keys(), ["z", "b"]);
    assert.deepEqual(await (await file.dataset("dataset")).attributes.keys(), FEW);
    assert.deepEqual(await (await file.get("a type")).attributes.keys(), FEW.toSorted());
  });
}
