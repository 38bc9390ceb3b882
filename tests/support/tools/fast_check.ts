/**
 * fast-check with one seed for all property tests of a run, which is printed, so that any run can be had again:
 * `MICROTOME_SEED=123 deno test -A tests/raw`.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- this is what the import map calls fast-check
import fc from "npm:fast-check@4.10.2";

const given = Deno.env.get("MICROTOME_SEED") ?? "";
const seed = given === "" ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (!Number.isSafeInteger(seed)) throw new RangeError(`Cannot use MICROTOME_SEED=${given}: expected a whole number`);
console.log(`property tests: MICROTOME_SEED=${seed}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

export * from "npm:fast-check@4.10.2";
export default fc;
