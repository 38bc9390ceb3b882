/**
 * Convolving with long kernels, by the fast Fourier transform.
 *
 * @module
 */

import { radix2 } from "../../signal/spectrum/fourier.ts";

/**
 * A function that convolves lists of numbers with one kernel, piece by piece.
 *
 * @param kernel The kernel
 * @returns Given a list, its full convolution: as long as list and kernel together, less one
 */
export function convolver(kernel: Float64Array): (list: Float64Array) => Float64Array {
  const size = Math.max(1024, 4 * 2 ** Math.ceil(Math.log2(kernel.length)));
  const step = size - kernel.length + 1;
  const transform = radix2(size);
  const [kernelRe, kernelIm] = [new Float64Array(size), new Float64Array(size)];
  kernelRe.set(kernel);
  transform(kernelRe, kernelIm);
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  return (list) => {
    const result = new Float64Array(list.length + kernel.length - 1);
    // Two pieces at a time, one as the real and one as the imaginary part: the kernel is real, so they don't mix.
    for (let from = 0; from < list.length; from += 2 * step) {
      re.fill(0).set(list.subarray(from, from + step));
      im.fill(0).set(list.subarray(from + step, from + 2 * step));
      transform(re, im);
      for (let k = 0; k < size; k++) {
        const [x, y] = [re[k]!, im[k]!];
        re[k] = (x * kernelRe[k]! - y * kernelIm[k]!) / size;
        im[k] = (x * kernelIm[k]! + y * kernelRe[k]!) / size;
      }
      // With the parts exchanged it transforms back, but for the factor 1/n.
      transform(im, re);
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
