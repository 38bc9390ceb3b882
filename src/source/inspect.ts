/**
 * What `console.log` shows of an object.
 *
 * @module
 */

/** What runtimes look for when they print an object: Deno's, then Node's and Bun's. */
const NAMES = ["Deno.customInspect", "nodejs.util.inspect.custom"];

/**
 * Makes `console.log` print objects of a class as their `toString` has them, whatever they are made of inside. To be called
 * when one is made: a method with a computed name would do the same, but bundlers can't leave out a class that has one.
 *
 * @param prototype The class' prototype; of one that isn't of a class, the object itself
 */
export function printsAsText(prototype: object): void {
  for (const name of NAMES) {
    const symbol = Symbol.for(name);
    if (Object.hasOwn(prototype, symbol)) return;
    Object.defineProperty(prototype, symbol, {
      value(this: unknown) {
        return String(this);
      },
      configurable: true,
      writable: true,
    });
  }
}

/**
 * Makes `String` and `console.log` show an object that is of no class as a text.
 *
 * @param object The object
 * @param text Says what it is, each time anew
 * @returns The object
 */
export function printedAs<T extends object>(object: T, text: () => string): T {
  Object.defineProperty(object, "toString", { value: text, configurable: true, writable: true });
  printsAsText(object);
  return object;
}
