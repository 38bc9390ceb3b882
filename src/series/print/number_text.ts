/**
 * Numbers as Python and NumPy write them.
 *
 * @module
 */

import { formatFloat } from "../../array/text/format.ts";

/**
 * A float as Python's `repr` writes it: the shortest digits that read back to it, with a point, in scientific form from
 * 1e16 up and below 1e-4.
 *
 * @param value The number
 * @param itemsize Bytes per value, which say how many digits it takes to tell it from others
 */
export function reprFloat(value: number, itemsize: 2 | 4 | 8 = 8): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const { sign, digits, exponent } = decimalOf(value, itemsize);
  if (exponent >= -4 && exponent < 16) {
    const { whole, fraction } = positional(digits, exponent);
    return `${sign}${whole}.${fraction === "" ? "0" : fraction}`;
  }
  return sign + scientific(digits, exponent);
}

/**
 * A number as Python's format `g` writes it: six digits, without zeros at the end.
 *
 * @param value The number
 */
export function formatG(value: number): string {
  if (!Number.isFinite(value)) return reprFloat(value);
  const [mantissa, power] = toEven((decimals) => Math.abs(value).toExponential(decimals), 5).split("e");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const digits = mantissa!.replace(".", "").replace(/0+$/, "") || "0";
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return sign + scientific(digits, exponent);
  const { whole, fraction } = positional(digits, exponent);
  return sign + (fraction === "" ? whole : `${whole}.${fraction}`);
}

/**
 * Floats as NumPy's `array2string` writes the elements of one array: aligned, to a number of decimals at most.
 *
 * @param values The numbers
 * @param precision Most decimals
 * @param itemsize Bytes per value
 */
export function alignFloats(values: readonly number[], precision: number, itemsize: 2 | 4 | 8 = 8): string[] {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
  const isScientific = sizes.length > 0 &&
    (most >= (itemsize === 8 ? 1e8 : itemsize === 4 ? 1e6 : 1e3) || least < 1e-4 || most / least > 1000);
  const parts = values.map((value) => {
    if (!Number.isFinite(value)) return null;
    const { sign, digits, exponent } = decimalOf(value, itemsize);
    const cut = (isScientific ? digits.length - 1 : digits.length - 1 - exponent) > precision;
    if (isScientific) {
      const text = cut
        ? toEven((decimals) => Math.abs(value).toExponential(decimals), precision)
        : scientific(digits, exponent);
      const [mantissa, power] = text.split("e");
      const [whole, fraction = ""] = mantissa!.split(".");
      return { left: sign + whole, right: fraction.replace(/0+$/, ""), power: powerText(Number(power)) };
    }
    if (cut) {
      const [whole, fraction = ""] = toEven((decimals) => Math.abs(value).toFixed(decimals), precision).split(".");
      return { left: sign + whole, right: fraction.replace(/0+$/, ""), power: "" };
    }
    const { whole, fraction } = positional(digits, exponent);
    return { left: sign + whole, right: fraction, power: "" };
  });
  const known = parts.filter((part) => part !== null);
  const right = Math.max(0, ...known.map((part) => part.right.length));
  const powers = Math.max(0, ...known.map((part) => part.power.length));
  const others = values.filter((value) => !Number.isFinite(value)).map((value) => reprFloat(value).length);
  const tail = known.length === 0 ? 0 : right + 1 + powers;
  const left = Math.max(0, ...known.map((part) => part.left.length), ...others.map((length) => length - tail));
  return parts.map((part, i) => {
    if (part === null) return reprFloat(values[i]!).padStart(left + tail);
    const decimals = isScientific ? part.right.padEnd(right, "0") + part.power : part.right.padEnd(right);
    return `${part.left.padStart(left)}.${decimals}`;
  });
}

// What `write` writes with so many decimals, but where a value lies exactly midway with the even digit, not the higher.
function toEven(write: (decimals: number) => string, decimals: number): string {
  const [exact, power = ""] = write(decimals + 40).split(/(?=e)/);
  const cut = exact!.slice(0, -40);
  return /^50*$/.test(exact!.slice(-40)) && Number(cut.at(-1)) % 2 === 0 ? cut + power : write(decimals);
}

interface Decimal {
  readonly sign: "" | "-";
  /** Digits without zeros at the end; the point stands behind the first. */
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(value: number, itemsize: 2 | 4 | 8): Decimal {
  const shortest = Number(formatFloat(Math.abs(value), itemsize));
  const [mantissa, power] = shortest.toExponential().split("e");
  const digits = mantissa!.replace(".", "");
  return { sign: value < 0 || Object.is(value, -0) ? "-" : "", digits, exponent: Number(power) };
}

function positional(digits: string, exponent: number): { whole: string; fraction: string } {
  if (exponent < 0) return { whole: "0", fraction: "0".repeat(-exponent - 1) + (digits === "0" ? "" : digits) };
  const padded = digits.padEnd(exponent + 1, "0");
  return { whole: padded.slice(0, exponent + 1), fraction: padded.slice(exponent + 1) };
}

function scientific(digits: string, exponent: number): string {
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}${powerText(exponent)}`;
}

function powerText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
