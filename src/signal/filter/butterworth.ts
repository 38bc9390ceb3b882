/**
 * Butterworth filters as second-order sections, designed as SciPy's `butter(…, output="sos")` does.
 *
 * The analog prototype's poles lie on a half circle; they are moved to the cut-offs, brought into the digital domain by the bilinear
 * transform with pre-warped frequencies, and paired with zeros into sections, the pole nearest to the unit circle last, with the zero
 * nearest to it. See Oppenheim and Schafer, Discrete-Time Signal Processing, chapter 7, and SciPy's documentation of `zpk2sos`.
 *
 * @module
 */

/** A section: b0, b1, b2, a0 (which is 1), a1, a2. */
export type Section = readonly [number, number, number, number, number, number];

/** What passes a filter. */
export type BandType = "lowpass" | "highpass" | "bandpass" | "bandstop";

interface Complex {
  readonly re: number;
  readonly im: number;
}

interface Zpk {
  readonly z: readonly Complex[];
  readonly p: readonly Complex[];
  readonly k: number;
}

/**
 * A Butterworth filter.
 *
 * @param order Its order: a band-pass has twice as many poles
 * @param cutoff Where it has fallen to half the power, as fractions of half the sampling rate: one, or two of a band
 * @param type What passes
 * @returns Its sections, in SciPy's order
 */
export function butterworthSections(order: number, cutoff: readonly number[], type: BandType): Section[] {
  const prototype: Complex[] = [];
  for (let m = -order + 1; m < order; m += 2) {
    const angle = Math.PI * m / (2 * order);
    // In the middle it is exact.
    prototype.push(m === 0 ? { re: -1, im: 0 } : { re: -Math.cos(angle), im: -Math.sin(angle) });
  }
  // The bilinear transform at a rate of 2.
  const warped = cutoff.map((frequency) => 4 * Math.tan(Math.PI * frequency / 2));
  const analog = type === "lowpass"
    ? lowpass(prototype, warped[0]!)
    : type === "highpass"
    ? highpass(prototype, warped[0]!)
    : type === "bandpass"
    ? bandpass(prototype, Math.sqrt(warped[0]! * warped[1]!), warped[1]! - warped[0]!)
    : bandstop(prototype, Math.sqrt(warped[0]! * warped[1]!), warped[1]! - warped[0]!);
  return sectionsOf(bilinear(analog, 2));
}

/**
 * A notch: a section that takes out one frequency, as SciPy's `iirnotch`.
 *
 * @param frequency The frequency, as a fraction of half the sampling rate
 * @param quality The frequency by the width at half the power
 */
export function notchSection(frequency: number, quality: number): Section {
  const w0 = frequency * Math.PI;
  const beta = Math.tan(frequency / quality * Math.PI / 2);
  const gain = 1 / (1 + beta);
  const middle = -2 * gain * Math.cos(w0);
  return [gain, middle, gain, 1, middle, 2 * gain - 1];
}

function lowpass(p: readonly Complex[], w: number): Zpk {
  return { z: [], p: p.map((pole) => scale(pole, w)), k: w ** p.length };
}

function highpass(p: readonly Complex[], w: number): Zpk {
  const inverse = product(p.map(negative));
  return {
    z: p.map(() => ({ re: 0, im: 0 })),
    p: p.map((pole) => divide({ re: w, im: 0 }, pole)),
    k: divide(ONE, inverse).re,
  };
}

function bandpass(p: readonly Complex[], w: number, width: number): Zpk {
  return {
    z: p.map(() => ({ re: 0, im: 0 })),
    p: bothSides(p.map((pole) => scale(pole, width / 2)), w),
    k: width ** p.length,
  };
}

function bandstop(p: readonly Complex[], w: number, width: number): Zpk {
  const poles = bothSides(p.map((pole) => divide({ re: width / 2, im: 0 }, pole)), w);
  const zeros = [...p.map(() => ({ re: 0, im: w })), ...p.map(() => ({ re: 0, im: -w }))];
  return { z: zeros, p: poles, k: divide(ONE, product(p.map(negative))).re };
}

function bothSides(p: readonly Complex[], w: number): Complex[] {
  const roots = p.map((pole) => squareRoot(subtract(multiply(pole, pole), { re: w * w, im: 0 })));
  return [...p.map((pole, i) => add(pole, roots[i]!)), ...p.map((pole, i) => subtract(pole, roots[i]!))];
}

function bilinear({ z, p, k }: Zpk, rate: number): Zpk {
  const two = { re: 2 * rate, im: 0 };
  const map = (point: Complex) => divide(add(two, point), subtract(two, point));
  const ratio = divide(product(z.map((zero) => subtract(two, zero))), product(p.map((pole) => subtract(two, pole))));
  const zeros = [...z.map(map), ...Array.from({ length: p.length - z.length }, () => ({ re: -1, im: 0 }))];
  return { z: zeros, p: p.map(map), k: k * ratio.re };
}

/** Zeros and poles as sections. */
function sectionsOf({ z, p, k }: Zpk): Section[] {
  const count = Math.ceil(p.length / 2);
  const isOdd = p.length % 2 === 1;
  const poles = halves(isOdd ? [...p, ZERO] : p);
  const zeros = halves(isOdd ? [...z, ZERO] : z);
  const sections: Section[] = [];
  const takeAt = (list: Complex[], index: number) => list.splice(index, 1)[0]!;
  const least = (list: readonly Complex[], of: (point: Complex) => number) => {
    let best = -1;
    list.forEach((point, i) => {
      if (Number.isFinite(of(point)) && (best < 0 || of(point) < of(list[best]!))) best = i;
    });
    return best;
  };
  const worst = (point: Complex) => Math.abs(1 - modulus(point));
  const distance = (from: Complex) => (point: Complex) => modulus(subtract(from, point));
  const only = (isWanted: (point: Complex) => boolean, of: (point: Complex) => number) => (point: Complex) =>
    isWanted(point) ? of(point) : Infinity;
  for (let section = 0; section < count; section++) {
    const p1 = takeAt(poles, least(poles, worst));
    if (isReal(p1) && !poles.some(isReal)) {
      // The last real pole: a section of the first order.
      const z1 = takeAt(zeros, least(zeros, only(isReal, distance(p1))));
      sections.unshift(sectionOf([z1, ZERO], [p1, ZERO]));
      continue;
    }
    if (
      poles.length + 1 === zeros.length && !isReal(p1) && poles.filter(isReal).length === 1 &&
      zeros.filter(isReal).length === 1
    ) {
      // The last real pole's section needs the real zero.
      const z1 = takeAt(zeros, least(zeros, only((point) => !isReal(point), distance(p1))));
      sections.unshift(sectionOf([z1, conjugate(z1)], [p1, conjugate(p1)]));
      continue;
    }
    const p2 = isReal(p1) ? takeAt(poles, least(poles, only(isReal, worst))) : conjugate(p1);
    const z1 = takeAt(zeros, least(zeros, distance(p1)));
    const z2 = isReal(z1) ? takeAt(zeros, least(zeros, only(isReal, distance(p1)))) : conjugate(z1);
    sections.unshift(sectionOf([z1, z2], [p1, p2]));
  }
  const [[b0, b1, b2, ...a], ...others] = sections as [Section, ...Section[]];
  return [[b0 * k, b1 * k, b2 * k, ...a], ...others];
}

/** Of each pair of conjugates the one above, ordered by real part; then what is real. */
function halves(points: readonly Complex[]): Complex[] {
  const tolerance = 100 * 2.220446049250313e-16;
  const real = points.filter(({ re, im }) => Math.abs(im) <= tolerance * Math.hypot(re, im)).map(({ re }) => ({
    re,
    im: 0,
  }));
  const above = points.filter(({ re, im }) => im > tolerance * Math.hypot(re, im));
  const order = (a: Complex, b: Complex) => a.re - b.re || Math.abs(a.im) - Math.abs(b.im);
  return [...above.sort(order), ...real.sort(order)];
}

function sectionOf([z1, z2]: readonly [Complex, Complex], [p1, p2]: readonly [Complex, Complex]): Section {
  const polynomial = (a: Complex, b: Complex) => [-(a.re + b.re), multiply(a, b).re] as const;
  return [1, ...polynomial(z1, z2), 1, ...polynomial(p1, p2)];
}

const ONE: Complex = { re: 1, im: 0 };
const ZERO: Complex = { re: 0, im: 0 };

function isReal({ im }: Complex): boolean {
  return im === 0;
}

function add(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

function subtract(a: Complex, b: Complex): Complex {
  return { re: a.re - b.re, im: a.im - b.im };
}

function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function divide(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}

function scale({ re, im }: Complex, factor: number): Complex {
  return { re: re * factor, im: im * factor };
}

function negative({ re, im }: Complex): Complex {
  return { re: -re, im: -im };
}

function conjugate({ re, im }: Complex): Complex {
  return { re, im: -im };
}

function modulus({ re, im }: Complex): number {
  return Math.hypot(re, im);
}

function product(points: readonly Complex[]): Complex {
  return points.reduce(multiply, ONE);
}

function squareRoot({ re, im }: Complex): Complex {
  const size = Math.hypot(re, im);
  const half = Math.sqrt((size + Math.abs(re)) / 2);
  if (size === 0) return ZERO;
  return re >= 0 ? { re: half, im: im / (2 * half) } : { re: Math.abs(im) / (2 * half), im: im < 0 ? -half : half };
}
