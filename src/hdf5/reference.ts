/**
 * References: elements that point to objects, regions of datasets, or attributes.
 *
 * @module
 */
import { printsAsText } from "../source/inspect.ts";

/** Where a reference leads. */
export interface ReferenceTarget {
  /** What it leads to; `null` for a reference that was never set. */
  readonly kind: "object" | "region" | "attribute" | "null";
  /** Address of the object's header in the file. */
  readonly address?: number;
  /** One of the object's paths, where it has one. */
  readonly path?: string | null;
  /** Name of the attribute, of an attribute reference. */
  readonly attribute?: string;
  /** Shape of the dataset, of a region reference. */
  readonly shape?: readonly number[];
  /** The region: its points, or its blocks as pairs of inclusive corners. */
  readonly selection?: {
    readonly kind: "none" | "all" | "points" | "blocks";
    readonly points?: readonly (readonly number[])[];
    readonly blocks?: readonly (readonly [readonly number[], readonly number[]])[];
  };
}

/**
 * A reference as an array element. `H5File.dereference` opens what it leads to, `H5File.referenceTarget` tells where it leads.
 */
export class Reference {
  /** What it can lead to; `any` is the newer kind, which can be all three. */
  readonly target: "object" | "region" | "any";
  /** The element's bytes as stored; empty for the newer kind. */
  readonly bytes: Uint8Array;
  /** Where it leads, where that is known already (the newer kind). */
  readonly known: ReferenceTarget | undefined;

  /** Made by reading an array of references. */
  constructor(target: "object" | "region" | "any", bytes: Uint8Array, known?: ReferenceTarget) {
    printsAsText(Reference.prototype);
    this.target = target;
    this.bytes = bytes;
    this.known = known;
  }

  /** Whether it was never set. */
  get isNull(): boolean {
    return this.known === undefined ? this.bytes.every((byte) => byte === 0) : this.known.kind === "null";
  }

  /** Short text, such as `<object reference 0x320>`. */
  toString(): string {
    if (this.isNull) return `<${this.target} reference: null>`;
    if (this.known !== undefined) return `<${this.known.kind} reference ${this.known.path ?? this.known.address}>`;
    const address = new DataView(this.bytes.buffer, this.bytes.byteOffset).getBigUint64(0, true);
    return `<${this.target} reference 0x${address.toString(16)}>`;
  }

  /** The short text, in JSON too. */
  toJSON(): string {
    return this.toString();
  }
}
