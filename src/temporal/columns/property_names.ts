/**
 * Attributes as properties.
 *
 * @module
 */

/**
 * Names that would make an object something else, or that files can't have.
 *
 * @param key The name
 * @throws {TypeError} If it is one
 */
export function checkKey(key: string): void {
  if (key === "" || key.startsWith("_") || /[/\0]/.test(key) || key === "." || key === "..") {
    throw new TypeError(
      `Cannot name an attribute ${JSON.stringify(key)}: names aren't empty, don't start with "_", and have no "/"`,
    );
  }
}

/**
 * Makes an attribute a property, unless the class has one of that name; for this room only.
 *
 * @param object What has the attribute
 * @param key Its name
 */
export function defineAccessor<V>(
  object: { get(key: string): unknown; set(key: string, value: V): void },
  key: string,
): void {
  // "then" would make it a promise to `await`.
  if (key in object || key === "then") return;
  Object.defineProperty(object, key, {
    get(this: { get(key: string): unknown }) {
      return this.get(key);
    },
    set(this: { set(key: string, value: V): void }, value: V) {
      this.set(key, value);
    },
    // Not enumerable: spreading or comparing an object must not read its arrays.
    enumerable: false,
    configurable: true,
  });
}
