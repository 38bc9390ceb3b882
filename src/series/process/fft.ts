/**
 * The fast Fourier transform, for convolving with long kernels.
 *
 * @module
 */

/**
 * Transforms complex numbers in place: radix 2, decimation in time.
 *
 * @param re Real parts; their number is a power of two
 * @param im Imaginary parts
 * @param cos Cosines of `2πk/n`, for k below n/2
 * @param sin Sines of the same; negated ones transform back, but for the factor 1/n
 */
export function transform(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const n = re.length;
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
}

/**
 * A function that convolves lists of numbers with one kernel, piece by piece.
 *
 * @param kernel The kernel
 * @returns Given a list, its full convolution: as long as list and kernel together, less one
 */
export function convolver(kernel: Float64Array): (list: Float64Array) => Float64Array {
  const size = Math.max(1024, 4 * 2 ** Math.ceil(Math.log2(kernel.length)));
  const step = size - kernel.length + 1;
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos(2 * Math.PI * k / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin(2 * Math.PI * k / size));
  const back = sin.map((value) => -value);
  const [kernelRe, kernelIm] = [new Float64Array(size), new Float64Array(size)];
  kernelRe.set(kernel);
  transform(kernelRe, kernelIm, cos, sin);
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  return (list) => {
    const result = new Float64Array(list.length + kernel.length - 1);
    // Two pieces at a time, one as the real and one as the imaginary part: the kernel is real, so they don't mix.
    for (let from = 0; from < list.length; from += 2 * step) {
      re.fill(0).set(list.subarray(from, from + step));
      im.fill(0).set(list.subarray(from + step, from + 2 * step));
      transform(re, im, cos, sin);
      for (let k = 0; k < size; k++) {
        const [x, y] = [re[k]!, im[k]!];
        re[k] = (x * kernelRe[k]! - y * kernelIm[k]!) / size;
        im[k] = (x * kernelIm[k]! + y * kernelRe[k]!) / size;
      }
      transform(re, im, cos, back);
      addTo(result, re, from);
      addTo(result, im, from + step);
    }
    return result;
  };
}

function addTo(result: Float64Array, piece: Float64Array, from: number): void {
  const end = Math.min(piece.length, result.length - from);
  for (let i = 0; i < end; i++) result[from + i]! += piece[i]!;
}
