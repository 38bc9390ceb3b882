/**
 * What the headers of an answer say about the file: where the part lies, how long the whole is, which version it is.
 *
 * @module
 */

/** A `Content-Range` header. */
export interface ContentRange {
  /** First and last byte, inclusive; absent where the range could not be served (an answer 416). */
  readonly part: { readonly first: number; readonly last: number } | undefined;
  /** Size of the whole file; absent where the server doesn't know (`*`). */
  readonly total: number | undefined;
}

/**
 * Reads a `Content-Range` header (RFC 9110, section 14.4).
 *
 * @param value The header
 * @returns What it says; undefined where it is absent or malformed
 */
export function parseContentRange(value: string | null): ContentRange | undefined {
  const match = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(value?.trim() ?? "");
  if (match === null) return undefined;
  const [, first, last, total] = match;
  if (first === undefined && total === "*") return undefined;
  const numbers = [first, last, total === "*" ? undefined : total].map((text) =>
    text === undefined ? undefined : Number(text)
  );
  if (numbers.some((number) => number !== undefined && !Number.isSafeInteger(number))) return undefined;
  const [from, to, size] = numbers;
  if (from === undefined || to === undefined) return { part: undefined, total: size };
  if (to < from || (size !== undefined && to >= size)) return undefined;
  return { part: { first: from, last: to }, total: size };
}

/** What tells one version of a file from another. */
export interface Validators {
  /** `ETag`, with its quotes. */
  readonly etag: string | undefined;
  /** `Last-Modified`. */
  readonly lastModified: string | undefined;
}

/** Takes the validators from the headers of an answer. */
export function validatorsOf(headers: Headers): Validators {
  return { etag: headers.get("etag") ?? undefined, lastModified: headers.get("last-modified") ?? undefined };
}

/** Whether an `ETag` may stand in `If-Match`, which compares strongly (RFC 9110, section 13.1.1). */
export function isStrong(etag: string | undefined): etag is string {
  return etag !== undefined && /^"[^"]*"$/.test(etag);
}

/**
 * Compares the validators of two answers. One that only one of them carries says nothing: not every server of a
 * cluster, and not every kind of answer, carries both.
 *
 * @param pinned Those of the first answer
 * @param found Those of this answer
 * @returns What differs, in words, or undefined
 */
export function validatorChange(pinned: Validators, found: Validators): string | undefined {
  if (pinned.etag !== undefined && found.etag !== undefined) {
    // Where both have an ETag it decides: servers of a cluster may differ in the date of the same bytes.
    return pinned.etag === found.etag ? undefined : `its ETag was ${pinned.etag} and is ${found.etag}`;
  }
  if (
    pinned.lastModified !== undefined && found.lastModified !== undefined && pinned.lastModified !== found.lastModified
  ) {
    return `it was last modified ${pinned.lastModified}, now ${found.lastModified}`;
  }
  return undefined;
}

/** The content encoding of an answer, where there is one: then its bytes aren't the file's. */
export function encodingOf(headers: Headers): string | undefined {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  return encoding === undefined || encoding === "" || encoding === "identity" ? undefined : encoding;
}

/** `Content-Length` where it is a number. */
export function lengthOf(headers: Headers): number | undefined {
  const text = headers.get("content-length")?.trim() ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
