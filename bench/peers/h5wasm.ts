/** h5wasm on local files, through its build that reads files in place. */
import h5wasm, { Dataset } from "npm:h5wasm@0.10.3/node";
import type { LocalPeer, Series, Timed } from "../types.ts";
import { sumOfLastRow } from "./check.ts";

/** Makes the peer. */
export async function h5wasmPeer(): Promise<LocalPeer> {
  await h5wasm.ready;
  return {
    name: "h5wasm",
    whole: (series) => Promise.resolve(timed(() => withDataset(series, (dataset) => sum(dataset, dataset.value)))),
    slices(series, starts, rows) {
      const result = withDataset(series, (dataset) => {
        const width = dataset.shape![1]!;
        dataset.slice([[0, rows], [0, width]]);
        return timed(() => {
          let check = 0;
          for (const start of starts) check = sum(dataset, dataset.slice([[start, start + rows], [0, width]]));
          return check;
        });
      });
      return Promise.resolve({ ...result, milliseconds: result.milliseconds / starts.length });
    },
    scratch: (series, start, rows) =>
      Promise.resolve(
        timed(() =>
          withDataset(
            series,
            (dataset) => sum(dataset, dataset.slice([[start, start + rows], [0, dataset.shape![1]!]])),
          )
        ),
      ),
  };
}

function withDataset<T>({ path, dataset }: Series, run: (dataset: Dataset) => T): T {
  const file = new h5wasm.File(path, "r");
  try {
    const found = file.get(dataset);
    if (!(found instanceof Dataset)) throw new Error(`h5wasm finds no dataset "${dataset}" in ${path}`);
    return run(found);
  } finally {
    file.close();
  }
}

function sum(dataset: Dataset, data: unknown): number {
  return sumOfLastRow({ data: data as ArrayLike<number>, shape: dataset.shape! });
}

function timed(run: () => number): Timed {
  const start = performance.now();
  const check = run();
  return { milliseconds: performance.now() - start, check };
}
