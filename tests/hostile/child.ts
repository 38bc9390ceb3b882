/**
 * The process that reads damaged inputs, one after the other, until one ends it. Prints a line of JSON before and after
 * each, and reads nothing else than what it was told on the command line.
 *
 * @module
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { inputAt, type InputPlan, planInputs } from "./inputs.ts";
import { judge } from "./judge.ts";

/** Bytes of the process beyond which it makes room for the next one. */
const ROOM = 300 * 2 ** 20;

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function main([name, seed, flips, from, to]: string[]): Promise<void> {
  const plan: InputPlan = await planInputs(name!, Number(seed), Number(flips));
  const sound = await plan.sound();
  for (let i = Number(from); i < Number(to); i++) {
    const input = await inputAt(plan, i);
    say({ at: i, what: input.what });
    const reading = await input.read();
    say({ done: i, ...judge(sound, reading, input.cover) });
    if (process.memoryUsage().rss > ROOM) {
      (globalThis as { gc?: () => void }).gc?.();
      // What is left over from earlier inputs must not count for the next.
      if (process.memoryUsage().rss > ROOM) break;
    }
  }
}

await main(process.argv.slice(2));
