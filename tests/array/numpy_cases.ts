/** What NumPy does, as make_numpy_cases.py wrote it down. */
export interface NumpyCases {
  selections: { shape: number[]; text: string; result: number[]; data: number[] }[];
  npy: { dtype: string; shape: number[]; data: (number | string)[]; file: string }[];
  halves: [number, number][];
}

export const numpyCases: NumpyCases = JSON.parse(
  await Deno.readTextFile(new URL("./numpy_cases.json", import.meta.url)),
);
