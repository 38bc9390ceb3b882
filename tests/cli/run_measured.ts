/**
 * Runs the command line, and prints how much memory the process has had at most, in bytes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { nodeIo } from "../../src/cli/io_node.ts";
import { main } from "../../src/cli/main.ts";

/** Linux counts the parent's memory at the time of the fork in `maxRSS`, but not in this. */
function mostMemory(): number {
  try {
    return 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}

const code = await main(process.argv.slice(2), nodeIo());
console.log(mostMemory());
process.exit(code);
