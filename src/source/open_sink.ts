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
