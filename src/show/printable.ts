/**
 * Text out of files, made safe to print.
 *
 * @module
 */

/**
 * Text that is safe to print: control characters and those that turn the direction of text are written out, as names
 * and values in a file may be made to fool a terminal. Line breaks and tabs stay.
 *
 * @param text The text
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

/**
 * The same for what must stay on one line.
 *
 * @param text The text
 */
export function oneLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]+\s*/g, " "));
}

/** Text as a name within a line: line breaks and tabs are written out too. */
export function printableName(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
