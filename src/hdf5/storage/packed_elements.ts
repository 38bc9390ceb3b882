/**
 * Elements on their way to the C side, with all that they point to.
 *
 * @module
 */

/** Where things that are pointed to start: what a double or a pointer pair needs. */
const ALIGNMENT = 8;

/** Bytes that hold pointers into themselves, as offsets until it is known where they will lie. */
export class PackedElements {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length: number;
  readonly #pointers: number[] = [];

  /** @param length Bytes of the elements themselves, which come first. */
  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = length;
  }

  /** Access to what was reserved; take it anew after each {@linkcode reserve}. */
  get view(): DataView<ArrayBuffer> {
    return this.#view;
  }

  /** Puts bytes where room was reserved. */
  set(bytes: Uint8Array, at: number): void {
    this.#bytes.set(bytes, at);
  }

  /** Takes zeroed room at the end. @returns Where it starts. */
  reserve(length: number): number {
    const start = Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT;
    this.#length = start + length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  /** Makes the four bytes at `at` point to what lies at `target`. */
  point(at: number, target: number): void {
    this.#view.setUint32(at, target, true);
    this.#pointers.push(at);
  }

  /** Bytes in all. */
  get byteLength(): number {
    return this.#length;
  }

  /**
   * The bytes as they are once they lie at an address.
   *
   * @param address The address in the C side's memory.
   */
  at(address: number): Uint8Array {
    for (const pointer of this.#pointers) {
      this.#view.setUint32(pointer, this.#view.getUint32(pointer, true) + address, true);
    }
    this.#pointers.length = 0;
    return this.#bytes.subarray(0, this.#length);
  }
}
