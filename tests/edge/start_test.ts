import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { startRangeServer } from "../support/range_server.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const isLinux = Deno.build.os === "linux";

/** Ids of a process' children of a name, as Linux tells them. */
function childrenOf(parent: number, name: string): number[] {
  const found: number[] = [];
  for (const entry of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    try {
      const [, command, , ppid] = /^\d+ \((.*)\) (\S) (\d+)/.exec(Deno.readTextFileSync(`/proc/${entry.name}/stat`)) ??
        [];
      if (command === name && Number(ppid) === parent) found.push(Number(entry.name));
    } catch { /* it has ended meanwhile */ }
  }
  return found;
}

/** Memory of a process: what it holds now, and what it held at most, in MiB. */
function memoryOf(pid: number): { now: number; most: number } {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: read("VmRSS"), most: read("VmHWM") };
}

Deno.test({
  name:
    "one command starts the edge example; 40 slices, 4 at a time, take less than 128 MiB on top of an idle workerd" +
    (isLinux ? "" : " (skipped: memory is read as Linux tells it)"),
  ignore: !isLinux,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const files = await startRangeServer(new URL("../data/", import.meta.url));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "examples/edge/serve.ts", "--port=0", `--allow=${new URL(files.url).host}`],
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("\n")) {
      const { value, done } = await lines.read();
      assert.equal(done, false, `it ended at once: ${said}`);
      said += value;
    }
    const base: string | undefined = /^(http:\/\/127\.0\.0\.1:\d+\/)/.exec(said)?.[1];
    assert.ok(base, said);
    try {
      const [workerd] = childrenOf(process.pid, "workerd");
      assert.ok(workerd, "workerd runs below it");
      const idle = memoryOf(workerd).now;
      const query: string = `slice?url=${encodeURIComponent(`${files.url}/signal.h5`)}&path=/signal&format=npy`;
      for (let round = 0; round < 10; round++) {
        const answers: Response[] = await Promise.all([0, 1, 2, 3].map(() => fetch(base + query)));
        for (const answer of answers) assert.equal((await answer.arrayBuffer()).byteLength, 128 + 20_000 * 8 * 2);
      }
      const { most } = memoryOf(workerd);
      console.log(`workerd: ${idle.toFixed(0)} MiB idle, ${most.toFixed(0)} MiB at most`);
      assert.ok(most - idle < 128, `${most - idle} MiB more than idle`);
    } finally {
      process.kill("SIGINT");
      await process.status;
      await lines.cancel();
      await files.close();
    }
  },
});
