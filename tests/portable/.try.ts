import { serveFiles } from "./serve.ts";
import { cases } from "./cases/all.ts";
import { canonical } from "./canonical.ts";
await using files = await serveFiles();
const only = Deno.args[0] ?? "";
const ctx = { ...files.context, run: crypto.randomUUID() };
const all = cases(ctx).filter((c) => c.name.includes(only));
console.log(all.length, "cases");
let n = 0, bad = 0;
for (const one of all) {
  const t = performance.now();
  let said = "";
  try {
    const text = await Promise.race([
      one.run(ctx).then(canonical),
      new Promise<never>((_, r) => setTimeout(() => r(new Error("timeout 20 s")), 20_000)),
    ]);
    if (Deno.args[1]) said = text.slice(0, Number(Deno.args[1]));
  } catch (e) {
    bad++;
    said = "FAILED " + String((e as Error)?.stack ?? e).slice(0, 700);
  }
  const ms = performance.now() - t;
  n++;
  if (said !== "" || ms > 300) console.log(`${ms.toFixed(0)} ms ${one.name}: ${said}`);
}
console.log(n, "run", bad, "bad");
Deno.exit();
