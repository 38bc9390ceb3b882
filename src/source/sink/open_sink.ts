/**
 * Opening whatever bytes can go to.
 *
 * @module
 */

import type { CreateFileOptions } from "./file_sink_node.ts";
import type { ByteSink, SinkTarget } from "./sink.ts";

/**
 * Opens a target for writing it anew.
 *
 * @param target A path, a URL with the scheme `file`, or a sink, which is taken as it is
 * @param options Whether an old file may be replaced
 * @returns The sink
 * @throws {TypeError} If `target` is nothing that can be written
 * @throws {WriteError} If it can't be written
 * @throws {UnsupportedError} If it is a path, and this runtime has no files
 */
export async function openSink(target: SinkTarget, options: CreateFileOptions = {}): Promise<ByteSink> {
  if (typeof target === "object" && !(target instanceof URL) && typeof target?.writeSync === "function") return target;
  if (target instanceof URL ? target.protocol !== "file:" : /^[a-z][a-z0-9+.-]*:\/\//i.test(String(target))) {
    if (!String(target).startsWith("file:")) {
      throw new TypeError(`Cannot write to ${String(target)}: only local files and sinks can be written`);
    }
  }
  if (typeof target !== "string" && !(target instanceof URL)) {
    throw new TypeError(`Cannot write to ${String(target)}: expected a path, a URL with the scheme file, or a sink`);
  }
  const { createFile } = await import("./file_sink_node.ts");
  return await createFile(typeof target === "string" && target.startsWith("file:") ? new URL(target) : target, options);
}

/**
 * Opens a target that is there already, to change it where it is.
 *
 * @param target A path, a URL with the scheme `file`, or a sink, which is taken as it is
 * @param refusal Text of the error for an address that is no file's
 * @returns The sink
 * @throws {TypeError} If `target` is nothing that can be written
 * @throws {NotFoundError} If there is no such file
 * @throws {WriteError} If it can't be written
 */
export async function openSinkToChange(target: SinkTarget, refusal: (address: string) => string): Promise<ByteSink> {
  if (typeof target !== "string" && !(target instanceof URL)) return await openSink(target);
  const text = String(target);
  if (/^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw new TypeError(refusal(text));
  const { changeFile } = await import("./file_sink_node.ts");
  return await changeFile(text.startsWith("file:") ? new URL(text) : text);
}
