#!/usr/bin/env node
/**
 * The command line, as a program: `deno run -A jsr:@microtome/microtome/cli ls recording.nwb`. It runs when it is
 * imported; to call it from a program, import `main` from `main.ts`.
 *
 * @module
 */

import process from "node:process";
import { nodeIo } from "./io_node.ts";
import { main } from "./main.ts";

process.exit(await main(process.argv.slice(2), nodeIo()));
