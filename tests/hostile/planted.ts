/**
 * A kind whose inputs go wrong in each way that there is: what the watch over child processes is tested by.
 *
 * @module
 */
import process from "node:process";
import { type Kind, newReading } from "./kind.ts";

/** The first input is cut off to nothing; flips turn its only byte into one of many. */
export const PLANTED: Kind = {
  name: "planted",
  make: () => Promise.resolve(new Map([["", Uint8Array.of(0)]])),
  read(files) {
    const reading = newReading();
    const byte = files.get("")![0];
    // Bits 0 to 2 of the byte, which flips set.
    if (byte === 1) { for (;;); }
    if (byte === 2) {
      const held = new Uint8Array(700 * 2 ** 20).fill(1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
      reading.items.set("held", String(held.length));
    }
    if (byte === 4) process.exit(3);
    if (byte === 8) reading.errors.push(new TypeError("undefined is not a function"));
    return Promise.resolve(reading);
  },
};
