/** jsfive, which holds the whole file in memory and reads datasets whole. */
import { readFileSync } from "node:fs";
// @ts-types="./jsfive.d.ts"
import { File } from "npm:jsfive@0.4.2";
import type { LocalPeer } from "../types.ts";
import { sumOfLastRow } from "./check.ts";

/** Makes the peer. */
export function jsfivePeer(): LocalPeer {
  return {
    name: "jsfive",
    whole({ path, dataset }) {
      const start = performance.now();
      const bytes = readFileSync(path);
      const file = new File(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "file.h5");
      const { value, shape } = file.get(dataset);
      return Promise.resolve({ check: sumOfLastRow({ data: value, shape }), milliseconds: performance.now() - start });
    },
  };
}
