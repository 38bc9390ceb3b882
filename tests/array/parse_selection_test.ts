import assert from "node:assert/strict";
import { parseSelection } from "../../src/array/select/parse_selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { Selection } from "../../src/array/types.ts";
import { SelectionError } from "../../src/source/errors.ts";

Deno.test("NumPy's syntax is read", () => {
  const cases: [string, number | undefined, Selection][] = [
    ["", undefined, []],
    ["  ", undefined, []],
    ["0:10,:,3", undefined, [slice(0, 10), null, 3]],
    ["::2", undefined, [slice(null, null, 2)]],
    ["-5:", undefined, [slice(-5, null)]],
    [":-5", undefined, [slice(null, -5)]],
    ["::-1", undefined, [slice(null, null, -1)]],
    ["1:2:3", undefined, [slice(1, 2, 3)]],
    ["1::", undefined, [slice(1, null)]],
    ["[1,5,7]", undefined, [[1, 5, 7]]],
    ["[ 1 , -5, ]", undefined, [[1, -5]]],
    ["[]", undefined, [[]]],
    ["[True,False,true]", undefined, [[true, false, true]]],
    ["3,", undefined, [3]],
    ["+3, -0", undefined, [3, 0]],
    ["None:None:2, null", undefined, [slice(null, null, 2), null]],
    ["...", undefined, []],
    ["0,...", undefined, [0]],
    ["..., 0", 3, [null, null, 0]],
    ["1,...,0", 4, [1, null, null, 0]],
    ["1,...,0", 2, [1, 0]],
  ];
  for (const [text, rank, expected] of cases) assert.deepEqual(parseSelection(text, rank), expected, text);
});

Deno.test("text that is not a selection is refused by its position", () => {
  const cases: [string, number | undefined, RegExp][] = [
    ["a", undefined, /unexpected "a" at position 0$/],
    ["0:10, x", undefined, /unexpected "x" at position 6$/],
    ["1.5", undefined, /unexpected "1" at position 0$/],
    ["3m", undefined, /unexpected "3" at position 0$/],
    ["0,,1", undefined, /expected an integer, ":", "\[" or "..." at position 2, found ","$/],
    [",", undefined, /at position 0, found ","$/],
    ["0 1", undefined, /expected "," at position 2, found "1"$/],
    ["[1,2", undefined, /expected "," or "\]" at position 4, found the end$/],
    ["[1 2]", undefined, /expected "," or "\]" at position 3, found "2"$/],
    ["[1:2]", undefined, /expected "," or "\]" at position 2, found ":"$/],
    ["[True,1]", undefined, /expected True or False at position 6, found "1"$/],
    ["[1,True]", undefined, /expected an integer at position 3, found "True"$/],
    ["[", undefined, /expected an integer at position 1, found the end$/],
    ["1]", undefined, /expected "," at position 1, found "\]"$/],
    ["1:2:0", undefined, /expected a step that isn't 0 at position 4, found "0"$/],
    ["1:2:3:4", undefined, /expected "," at position 5, found ":"$/],
    ["99999999999999999999", undefined, /expected an integer below 2\^53 at position 0/],
    ["...,...", 4, /more than one "..."$/],
    ["...,0", undefined, /needs the array's number of axes$/],
    ["0,...,0", 1, /it names 2 axes, the array has 1$/],
    ["(0)", undefined, /unexpected "\(" at position 0$/],
  ];
  for (const [text, rank, message] of cases) {
    assert.throws(() => parseSelection(text, rank), (error) => {
      assert(error instanceof SelectionError, `${text}: ${error}`);
      assert.match(error.message, message);
      return true;
    }, text);
  }
});
