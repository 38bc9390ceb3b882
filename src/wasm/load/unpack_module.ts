/**
 * Unpacks a wasm module that came as text.
 *
 * @module
 */

/**
 * Unpacks a module.
 *
 * @param text Its bytes, compressed by gzip, in base64.
 * @returns Its bytes.
 */
export async function unpackModule(text: string): Promise<ArrayBuffer> {
  const characters = atob(text);
  const packed = new Uint8Array(characters.length);
  for (let i = 0; i < packed.length; i++) packed[i] = characters.charCodeAt(i);
  return await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
