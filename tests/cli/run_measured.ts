/**
 * Runs the command line, and prints how much memory the process has had at most, in bytes.
 *
 * @module
 */
import process from "node:process";
import { nodeIo } from "../../src/cli/io_node.ts";
import { main } from "../../src/cli/main.ts";

const code = await main(process.argv.slice(2), nodeIo());
console.log(process.resourceUsage().maxRSS * 1024);
process.exit(code);
