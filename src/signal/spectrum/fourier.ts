/**
 * The discrete Fourier transform of real numbers, of any length.
 *
 * @module
 */

/** Transforms a list of real numbers of one length. */
export type RealTransform = (values: Float64Array) => { readonly re: Float64Array; readonly im: Float64Array };

/**
 * A transform of lists of a length: radix 2 where that is a power of two, else by Bluestein's way, as a convolution with a chirp.
 *
 * @param n The length
 * @returns Given values, real and imaginary parts of frequencies 0 to n / 2
 */
export function realTransform(n: number): RealTransform {
  const half = Math.floor(n / 2) + 1;
  if ((n & (n - 1)) === 0) {
    const transform = radix2(n);
    return (values) => {
      const [re, im] = [values.slice(), new Float64Array(n)];
      transform(re, im);
      return { re: re.slice(0, half), im: im.slice(0, half) };
    };
  }
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const transform = radix2(size);
  // exp(-iπk²/n); k² mod 2n keeps the angle small, and exact.
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos(Math.PI * (k * k % (2 * n)) / n));
  const sin = Float64Array.from({ length: n }, (_, k) => Math.sin(Math.PI * (k * k % (2 * n)) / n));
  const [chirpRe, chirpIm] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < n; k++) {
    chirpRe[k] = chirpRe[(size - k) % size] = cos[k]!;
    chirpIm[k] = chirpIm[(size - k) % size] = sin[k]!;
  }
  transform(chirpRe, chirpIm);
  return (values) => {
    const [re, im] = [new Float64Array(size), new Float64Array(size)];
    for (let k = 0; k < n; k++) {
      re[k] = values[k]! * cos[k]!;
      im[k] = -values[k]! * sin[k]!;
    }
    transform(re, im);
    for (let k = 0; k < size; k++) {
      const [x, y] = [re[k]!, im[k]!];
      re[k] = x * chirpRe[k]! - y * chirpIm[k]!;
      // Conjugated, so that transforming again transforms back.
      im[k] = -(x * chirpIm[k]! + y * chirpRe[k]!);
    }
    transform(re, im);
    const [outRe, outIm] = [new Float64Array(half), new Float64Array(half)];
    for (let k = 0; k < half; k++) {
      const [x, y] = [re[k]! / size, -im[k]! / size];
      outRe[k] = x * cos[k]! + y * sin[k]!;
      outIm[k] = y * cos[k]! - x * sin[k]!;
    }
    return { re: outRe, im: outIm };
  };
}

/** A transform in place of complex numbers, whose number is a power of two. */
export function radix2(n: number): (re: Float64Array, im: Float64Array) => void {
  const cos = Float64Array.from({ length: n / 2 }, (_, k) => Math.cos(2 * Math.PI * k / n));
  const sin = Float64Array.from({ length: n / 2 }, (_, k) => Math.sin(2 * Math.PI * k / n));
  return (re, im) => {
    for (let i = 1, j = 0; i < n; i++) {
      let bit = n >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        [re[i], re[j]] = [re[j]!, re[i]!];
        [im[i], im[j]] = [im[j]!, im[i]!];
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [a, b] = [start + k, start + k + half];
          const [c, s] = [cos[k * stride]!, sin[k * stride]!];
          const x = re[b]! * c + im[b]! * s;
          const y = im[b]! * c - re[b]! * s;
          re[b] = re[a]! - x;
          im[b] = im[a]! - y;
          re[a]! += x;
          im[a]! += y;
        }
      }
    }
  };
}
