/**
 * One text for one value, whatever runtime it was made in, so that two runtimes can be compared by a digest.
 *
 * @module
 */

/** Bytes of a typed array up to this length are spelt out; longer ones are named by their SHA-256. */
const SPELT_BYTES = 64;

/**
 * Writes a value down so that equal values, and only those, give equal text: typed arrays by type and bytes (so
 * that -0, NaN and byte order count), bigints with their `n`, errors by class, code and message.
 *
 * @param value Anything that a case returns.
 * @returns The text.
 */
export async function canonical(value: unknown): Promise<string> {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "undefined") return "undefined";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "symbol" || typeof value === "function") {
    throw new TypeError(`Cannot compare a ${typeof value} between runtimes`);
  }
  if (value instanceof Error) return canonicalError(value);
  if (ArrayBuffer.isView(value)) return await canonicalBytes(value);
  if (value instanceof ArrayBuffer) return await canonicalBytes(new Uint8Array(value));
  if (Array.isArray(value)) return `[${(await inOrder(value)).join(",")}]`;
  if (value instanceof Map) return `Map${await canonical([...value])}`;
  if (value instanceof Set) return `Set${await canonical([...value])}`;
  const parts: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === "function") continue;
    parts.push(`${JSON.stringify(key)}:${await canonical(member)}`);
  }
  return `{${parts.join(",")}}`;
}

/** One after the other: a value with thousands of members must not start thousands of digests at once. */
async function inOrder(values: readonly unknown[]): Promise<string[]> {
  const texts: string[] = [];
  for (const value of values) texts.push(await canonical(value));
  return texts;
}

async function canonicalError(error: Error): Promise<string> {
  const known = error as Error & { code?: unknown; file?: unknown; object?: unknown; status?: unknown };
  const { code, file, object, status } = known;
  return `Error${await canonical({ name: error.name, code, file, object, status, message: error.message })}`;
}

async function canonicalBytes(view: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const name = view.constructor.name;
  if (bytes.length <= SPELT_BYTES) return `${name}(${hex(bytes)})`;
  return `${name}(${bytes.length} bytes, sha256 ${await sha256(bytes)})`;
}

/**
 * SHA-256 by the one implementation that all five runtimes have.
 *
 * @param bytes What to digest.
 * @returns 64 hexadecimal digits.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // A view of wasm memory that may grow can't be digested in place everywhere, so the bytes are copied.
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice())));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
