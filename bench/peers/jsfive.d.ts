/** The little of jsfive's interface that the benchmarks use; the package has no types of its own. */
export class File {
  constructor(buffer: ArrayBuffer, name: string);
  get(path: string): { readonly value: number[]; readonly shape: number[] };
}
