/**
 * A date as torch_brain saves it, in UTC: `2021-01-02 03:04:05`.
 *
 * @param date The date
 * @throws {RangeError} If it is none
 */
export function dateText(date: Date): string {
  return date.toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
}
