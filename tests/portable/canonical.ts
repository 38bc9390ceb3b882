/**
 * One text for one value, whatever runtime it was made in, so that two runtimes can be compared by a digest.
 *
 * @module
 */

/** Bytes of a typed array up to this length are spelt out; longer ones are named by their SHA-256. */
const SPELT_BYTES = 64;

/** Pieces of the text; bytes stand for their digest, which takes waiting, so it is made last. */
type Piece = string | Uint8Array;

/**
 * Writes a value down so that equal values, and only those, give equal text: typed arrays by type and bytes (so
 * that -0, NaN and byte order count), bigints with their `n`, errors by class, code and message.
 *
 * @param value Anything that a case returns.
 * @returns The text.
 */
export async function canonical(value: unknown): Promise<string> {
  const pieces: Piece[] = [];
  write(value, pieces);
  const texts: string[] = [];
  for (const piece of pieces) texts.push(typeof piece === "string" ? piece : await sha256(piece));
  return texts.join("");
}

function write(value: unknown, pieces: Piece[]): void {
  if (value === null || typeof value !== "object") pieces.push(plain(value));
  else if (value instanceof Error) writeError(value, pieces);
  else if (ArrayBuffer.isView(value)) writeBytes(value, pieces);
  else if (value instanceof ArrayBuffer) writeBytes(new Uint8Array(value), pieces);
  else if (Array.isArray(value)) writeList(value, pieces);
  else if (value instanceof Map || value instanceof Set) {
    pieces.push(value instanceof Map ? "Map" : "Set");
    writeList([...value], pieces);
  } else writeMembers(Object.entries(value), pieces);
}

function plain(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "symbol":
    case "function":
      throw new TypeError(`Cannot compare a ${typeof value} between runtimes`);
    default:
      return String(value);
  }
}

function writeList(values: readonly unknown[], pieces: Piece[]): void {
  pieces.push("[");
  for (const value of values) {
    write(value, pieces);
    pieces.push(",");
  }
  pieces.push("]");
}

function writeMembers(members: readonly (readonly [string, unknown])[], pieces: Piece[]): void {
  pieces.push("{");
  for (const [name, member] of members) {
    if (typeof member === "function") continue;
    pieces.push(JSON.stringify(name), ":");
    write(member, pieces);
    pieces.push(",");
  }
  pieces.push("}");
}

function writeError(error: Error, pieces: Piece[]): void {
  const known = error as Error & { code?: unknown; file?: unknown; object?: unknown; status?: unknown };
  const { name, code, file, object, status, message } = known;
  pieces.push("Error");
  writeMembers(Object.entries({ name, code, file, object, status, message }), pieces);
}

function writeBytes(view: ArrayBufferView, pieces: Piece[]): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (bytes.length <= SPELT_BYTES) pieces.push(`${view.constructor.name}(${hex(bytes)})`);
  else pieces.push(`${view.constructor.name}(${bytes.length} bytes, sha256 `, bytes, ")");
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
