/**
 * Folders as text: the tree that pynapple prints by rich, panels, keys.
 *
 * @module
 */

/** A line of a tree, and what stands below it. */
export interface TreeNode {
  /** The line. */
  readonly label: string;
  /** Lines below it. */
  readonly children?: readonly TreeNode[] | undefined;
}

/** Text as it is safe to print: control characters, by which a file's name could command a terminal, are replaced. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** A folder's line. */
export function folderLabel(name: string): string {
  return `📂 ${printable(name)}`;
}

/** A file's line: its name, and what it holds behind tabs to every eighth column. */
export function fileLabel(name: string, kind: string): string {
  const start = `${printable(name)} `;
  const bar = Math.ceil((widthOf(start) + 1) / 8) * 8;
  return `${start}${" ".repeat(bar - widthOf(start))}|${" ".repeat(8)}${kind}`;
}

/** A tree as lines of text. */
export function formatTree({ label, children = [] }: TreeNode): string {
  const below = children.flatMap((child, i) => {
    const isLast = i === children.length - 1;
    return formatTree(child).split("\n").map((line, k) =>
      (k === 0 ? (isLast ? "└── " : "├── ") : (isLast ? "    " : "│   ")) + line
    );
  });
  return [label, ...below].join("\n");
}

/** Lines in a frame with a title. */
export function formatPanel(title: string, lines: readonly string[]): string {
  const heading = ` ${printable(title)} `;
  const width = Math.max(widthOf(heading), ...lines.map(widthOf)) + 2;
  const left = Math.floor((width - widthOf(heading)) / 2);
  return [
    `╭${"─".repeat(left)}${heading}${"─".repeat(width - left - widthOf(heading))}╮`,
    ...lines.map((line) => `│ ${line}${" ".repeat(width - 2 - widthOf(line))} │`),
    `╰${"─".repeat(width)}╯`,
  ].join("\n");
}

/** Now, as Python's `str(datetime.now())` has it: local time with microseconds. */
export function timeText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, "0")}000`;
}

/** JSON as Python's `json.dump(…, indent=2)` writes it, in ASCII. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A name that a file of a folder may get. @throws {TypeError} If it could lead elsewhere, or wouldn't be found again. */
export function checkName(name: string): void {
  const what = typeof name === "string" ? JSON.stringify(name) : String(name);
  // deno-lint-ignore no-control-regex -- no file should have these in its name
  if (typeof name !== "string" || name === "" || /[\0-\x1f\x7f/\\:]/.test(name) || name.startsWith(".")) {
    throw new TypeError(
      `Cannot save as ${what}: expected a name without separators, colons and control characters, and no dot in front`,
    );
  }
}

// As many columns as characters; what a terminal makes of wide ones isn't known here.
function widthOf(text: string): number {
  return [...text].length;
}
