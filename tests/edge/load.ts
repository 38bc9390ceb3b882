/**
 * Measures the edge example under load: many slices asked for at once of a Worker under workerd, and its memory.
 *
 *     deno run -A tests/edge/load.ts [--slices=80] [--rows=118750] [--latency=20] [--format=npy]
 *
 * Prints one line of JSON. The memory is that of the workerd process as Linux tells it, all of it, code included.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { create } from "../../mod.ts";
import { startRangeServer } from "../support/range_server.ts";
import { until } from "../support/until.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What is asked for. */
export interface Load {
  /** Slices asked for at once. */
  readonly slices: number;
  /** Rows of 16 bytes that each slice has. */
  readonly rows: number;
  /** Milliseconds that the files' server waits before each answer. */
  readonly latency: number;
  /** Format of the answers. */
  readonly format: "npy" | "json" | "csv";
  /** Slices whose first request the files' server keeps waiting until as many are under way; none, if absent. */
  readonly gather?: number;
  /** How often a client comes back after a 503; it waits as long as it is told. */
  readonly patience: number;
}

/** What came of it. */
export interface LoadResult {
  /** Memory of workerd before the first request and the most it had, in MB (10^6 bytes). */
  readonly idle: number;
  readonly most: number;
  /**
   * The most that the Worker itself had, in MB: its heap as V8 has reserved it, its buffers, and the memories of its wasm instances. It is
   * what Cloudflare bounds; the rest of workerd's is code, compilers, and the isolates of miniflare.
   */
  readonly isolate: number;
  /** Answers with the right numbers, with wrong ones, and slices that never came. */
  readonly right: number;
  readonly wrong: number;
  readonly lost: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests of the files' server that were under way at once, at most. */
  readonly inFlight: number;
  /** Slices that were being answered at once, at most. */
  readonly together: number;
  /** Seconds until the last answer. */
  readonly seconds: number;
}

/** The load that the issue names: 80 slices of 1.9 MB. */
export const LOAD: Load = { slices: 80, rows: 118_750, latency: 20, format: "npy", patience: 60 };

/** Asks for many slices at once. */
export async function measureLoad(load: Load): Promise<LoadResult> {
  const files = await startRangeServer({}, { latency: load.latency });
  files.put("/load.h5", await makeFile(load));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "examples/edge/serve.ts", "--port=0", "--inspect", `--allow=${new URL(files.url).host}`],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    while (!said.includes("\n")) said += (await lines.read()).value ?? "\n";
    const base = /^(http:\/\/127\.0\.0\.1:\d+\/)/.exec(said)?.[1];
    if (base === undefined) throw new Error(`The example didn't start: ${said}`);
    const [workerd] = childrenOf(process.pid, "workerd");
    if (workerd === undefined) throw new Error("No workerd runs below the example");
    const idle = memoryOf(workerd).now;
    const inspector = /inspected at (ws:\S+)/.exec(said)?.[1];
    if (inspector === undefined) throw new Error(`The example has no inspector: ${said}`);
    const isolate = await watchIsolate(new URL(inspector));
    const statuses: Record<number, number> = {};
    let [right, wrong, lost, open, together] = [0, 0, 0, 0, 0];
    const started = performance.now();
    if (load.gather !== undefined) {
      const release = files.hold();
      void until(() => files.inFlight >= load.gather!).then(release);
    }
    const one = async (index: number): Promise<void> => {
      const first = index * load.rows;
      const query = new URLSearchParams({
        url: `${files.url}/load.h5`,
        path: "/signal",
        select: `${first}:${first + load.rows}`,
        format: load.format,
      });
      for (let visit = 0; visit <= load.patience; visit++) {
        const response = await fetch(`${base}slice?${query}`);
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        if (response.status === 503) {
          await response.text();
          const wait = Number(response.headers.get("retry-after") ?? NaN);
          if (!(wait >= 0)) throw new Error("A 503 without Retry-After");
          await new Promise((done) => setTimeout(done, wait * 1000));
          continue;
        }
        together = Math.max(together, ++open);
        const bytes = new Uint8Array(await response.arrayBuffer());
        open--;
        if (response.status === 200 && isRight(bytes, load, first)) right++;
        else wrong++;
        return;
      }
      lost++;
    };
    await Promise.all(Array.from({ length: load.slices }, (_, index) => one(index)));
    const seconds = (performance.now() - started) / 1000;
    const { most } = memoryOf(workerd);
    return {
      idle,
      most,
      isolate: await isolate.most(),
      right,
      wrong,
      lost,
      statuses,
      inFlight: files.maxInFlight,
      together,
      seconds,
    };
  } finally {
    process.kill("SIGINT");
    await process.status;
    await lines.cancel();
    await files.close();
  }
}

/** Eight channels of 16-bit samples that tell where they stand. */
async function makeFile({ slices, rows }: Load): Promise<Uint8Array> {
  const data = new Int16Array(slices * rows * 8);
  for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
  await using file = await create();
  const shape = [slices * rows, 8];
  await file.createDataset("signal", {
    shape,
    dtype: "<i2",
    chunkShape: [4096, 8],
    compression: "gzip",
    shuffle: true,
    data,
  });
  return await file.bytes();
}

function valueAt(i: number): number {
  return ((i >> 3) * 3 + (i & 7) * 100) & 0x3fff;
}

function isRight(bytes: Uint8Array, { rows, format }: Load, first: number): boolean {
  if (format !== "npy") return bytes.length > rows;
  const start = bytes.length - rows * 16;
  if (start !== 10 + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)) return false;
  const values = new Int16Array(bytes.slice(start).buffer);
  return values.every((value, i) => value === valueAt(first * 8 + i));
}

/** Asks V8 again and again what the Worker's isolate holds. */
async function watchIsolate(inspector: URL): Promise<{ most(): Promise<number> }> {
  const list = await (await fetch(new URL("/json", inspector.href.replace("ws:", "http:")))).json() as {
    readonly id: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  const found = list.find(({ id }) => id.startsWith("core:user"));
  if (found === undefined) throw new Error("The Worker has no isolate to look at");
  const socket = new WebSocket(found.webSocketDebuggerUrl);
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = failed;
  });
  let [most, id] = [0, 0];
  let answered: () => void = () => {};
  socket.onmessage = ({ data }) => {
    const { result } = JSON.parse(String(data)) as { readonly result?: Record<string, number> };
    if (result?.totalSize === undefined) return;
    most = Math.max(most, (result.totalSize + result.backingStorageSize! + result.embedderHeapUsedSize!) / 1e6);
    answered();
  };
  const ask = () => {
    const answer = new Promise<void>((done) => answered = done);
    socket.send(JSON.stringify({ id: ++id, method: "Runtime.getHeapUsage" }));
    return answer;
  };
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      await ask();
      await new Promise((done) => setTimeout(done, 5));
    }
  })();
  return {
    async most() {
      isOver = true;
      await watching;
      socket.close();
      return most;
    },
  };
}

/** Ids of a process' children of a name, as Linux tells them. */
export function childrenOf(parent: number, name: string): number[] {
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

/** Memory of a process: what it holds now, and what it held at most, in MB. */
export function memoryOf(pid: number): { now: number; most: number } {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024 / 1e6;
  return { now: read("VmRSS"), most: read("VmHWM") };
}

if (import.meta.main) {
  const option = (name: keyof Load) => Deno.args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
  const number = (name: keyof Load) => Number(option(name) ?? LOAD[name]);
  const result = await measureLoad({
    slices: number("slices"),
    rows: number("rows"),
    latency: number("latency"),
    patience: number("patience"),
    format: (option("format") ?? LOAD.format) as Load["format"],
  });
  console.log(JSON.stringify(result));
}
