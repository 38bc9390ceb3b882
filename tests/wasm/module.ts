/** Plain calls on the HDF5 module over bytes in memory, for tests of the C side alone. */
import { type Hdf5Exports, Hdf5Instance, OK } from "../../src/wasm/instance.ts";

/** What `mt_object_open` says of a dataset, as far as these tests look. */
export interface Opened {
  handle: number;
  shape: number[];
  direct?: number;
}

/** A stored chunk. */
export interface Stored {
  offset: number[];
  address: number;
  size: number;
  mask: number;
}

/** One file in one instance. */
export class TestFile {
  readonly instance: Hdf5Instance;

  private constructor(instance: Hdf5Instance) {
    this.instance = instance;
  }

  static async open(bytes: Uint8Array): Promise<TestFile> {
    const host = {
      read(_slot: number, _type: number, address: number, target: Uint8Array): number {
        if (address + target.byteLength > bytes.byteLength) return -1;
        target.set(bytes.subarray(address, address + target.byteLength));
        return 0;
      },
      open: (): number => 0,
      size: (): number => bytes.byteLength,
    };
    const file = new TestFile(await Hdf5Instance.start(host, "test.h5"));
    file.#done(file.instance.withText("test.h5", (at, length) => file.#call((wasm) => wasm.mt_file_open(at, length))));
    return file;
  }

  #call<T>(run: (wasm: Hdf5Exports) => T): T {
    return this.instance.call(run);
  }

  #done(status: number): void {
    if (status !== OK) throw new Error(`${status}: ${new TextDecoder().decode(this.instance.out())}`);
  }

  #json(status: number): unknown {
    this.#done(status);
    return this.instance.json();
  }

  filters(): { id: number; name: string; encode: boolean }[] {
    return this.#json(this.#call((wasm) => wasm.mt_filters())) as { id: number; name: string; encode: boolean }[];
  }

  dataset(path: string): Opened {
    const status = this.instance.withText(
      path,
      (at, length) => this.#call((wasm) => wasm.mt_object_open(0, at, length, 16)),
    );
    return this.#json(status) as Opened;
  }

  /** The whole of a dataset through H5Dread. */
  read({ handle, shape }: Opened): Uint8Array {
    const box = new Float64Array([...shape.map(() => 0), ...shape, ...shape.map(() => 1)]);
    const rank = shape.length;
    this.#done(this.instance.withBytes(
      new Uint8Array(box.buffer),
      (at) => this.#call((wasm) => wasm.mt_dataset_read(handle, rank, at, at + 8 * rank, at + 16 * rank)),
    ));
    return this.#call((wasm) => {
      const value = this.instance.bytes.slice(wasm.mt_value_ptr(), wasm.mt_value_ptr() + wasm.mt_value_len());
      wasm.mt_value_release();
      return value;
    });
  }

  chunks({ handle, shape }: Opened): Stored[] {
    this.#done(this.#call((wasm) => wasm.mt_chunk_list(handle)));
    const out = this.instance.out().slice();
    const view = new DataView(out.buffer);
    const rank = shape.length;
    return Array.from({ length: out.byteLength / (8 * rank + 24) }, (_, i) => {
      const start = i * (8 * rank + 24);
      const at = start + 8 * rank;
      return {
        offset: shape.map((_, axis) => view.getFloat64(start + 8 * axis, true)),
        address: view.getFloat64(at, true),
        size: view.getUint32(at + 8, true),
        mask: view.getUint32(at + 12, true),
      };
    });
  }

  /** A chunk's bytes with its filters undone, or the error that the module gives. */
  decode({ handle }: Opened, source: Uint8Array, mask: number): Uint8Array | { code: string; message: string } {
    return this.instance.withBytes(source, (at) =>
      this.instance.withBytes(new Uint8Array(8), (result) => {
        const status = this.#call((wasm) =>
          wasm.mt_chunk_decode(handle, at, source.byteLength, mask, result, result + 4)
        );
        if (status !== OK) return this.instance.json() as { code: string; message: string };
        const [start, length] = new Uint32Array(this.instance.bytes.slice(result, result + 8).buffer);
        return this.instance.bytes.slice(start!, start! + length!);
      }));
  }
}
