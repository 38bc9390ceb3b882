/**
 * What the C side says of objects, as JSON: the shapes of `mt_object_open`, `mt_group_list` and `mt_attr_list`.
 *
 * @module
 */
import type { TypeInfo } from "./type_info.ts";

/** A filter of a dataset's pipeline. */
export interface Filter {
  /** Registered number: 1 deflate, 2 shuffle, 3 fletcher32, 4 szip, 5 nbit, 6 scale-offset, 32000 and up others. */
  readonly id: number;
  /** Registered name, or the name in the file. */
  readonly name: string;
  /** Bit 0: optional, may have been left out of a chunk. */
  readonly flags: number;
  /** The filter's parameters (`cd_values`), such as deflate's level. */
  readonly values: readonly number[];
  /** Whether this module can undo it. */
  readonly available: boolean;
}

/** A link of a group. */
export interface Link {
  /** Name within the group. */
  readonly name: string;
  /** Kind of link. */
  readonly type: "hard" | "soft" | "external" | "user";
  /** Address of the object's header, of a hard link: equal addresses are the same object. */
  readonly address?: number;
  /** Path that a soft or external link leads to. */
  readonly target?: string;
  /** File that an external link leads to, as written. */
  readonly file?: string;
}

/** What opening any object gives. */
interface ObjectInfoBase {
  readonly handle: number;
  readonly path: string;
  readonly address: number;
  /** Slot of the file it lies in: 0 is the one that was opened. */
  readonly file: number;
  readonly attributes: number;
}

/** What opening a group gives. */
export interface GroupInfo extends ObjectInfoBase {
  readonly kind: "group";
  readonly members: number | null;
  readonly trackOrder: boolean;
}

/** What opening a committed type gives. */
export interface NamedTypeInfo extends ObjectInfoBase {
  readonly kind: "type";
  readonly type: TypeInfo;
}

/** What opening a dataset gives. */
export interface DatasetInfo extends ObjectInfoBase {
  readonly kind: "dataset";
  readonly shape: number[] | null;
  readonly maxShape: (number | null)[] | null;
  readonly scalar: boolean;
  readonly type: TypeInfo;
  readonly fileItemsize: number;
  readonly direct?: number;
  readonly layout: "compact" | "contiguous" | "chunked" | "virtual";
  readonly chunk?: number[];
  readonly offset?: number | null;
  /** Bytes that the data takes; `null` where telling would take reading the whole chunk index. */
  readonly storageSize: number | null;
  readonly index?: string;
  readonly filters: Filter[];
  readonly external?: { name: string; offset: number; size: number | null }[];
  readonly virtual?: { file: string; dataset: string }[];
  /** `applies`: whether elements that were never written hold it. */
  readonly fill: { defined: boolean; applies: boolean; bytes?: string };
}

/** What opening an object gives. */
export type ObjectInfo = GroupInfo | NamedTypeInfo | DatasetInfo;

/** What an attribute is, before it is read. */
export interface AttributeInfo {
  readonly name: string;
  readonly shape: number[] | null;
  readonly scalar: boolean;
  readonly type: TypeInfo;
}
