/**
 * How far peaks stand out, and how wide they are.
 *
 * @module
 */

/** A peak's prominence, and the lowest samples beside it. */
export interface Prominence {
  /** How far it stands out from the higher one of its bases. */
  readonly prominence: number;
  /** The lowest sample before it, as far as nothing is higher. */
  readonly left: number;
  /** The lowest sample behind it, as far as nothing is higher. */
  readonly right: number;
}

/**
 * How far a peak stands out.
 *
 * @param samples The samples
 * @param peak Where it is
 * @param reach How many samples on each side are looked at
 */
export function prominenceOf(samples: ArrayLike<number>, peak: number, reach: number): Prominence {
  const top = samples[peak]!;
  const base = (step: -1 | 1) => {
    let lowest = peak;
    const end = step < 0 ? Math.max(0, peak - reach) : Math.min(samples.length - 1, peak + reach);
    for (let i = peak; (end - i) * step >= 0 && samples[i]! <= top; i += step) {
      if (samples[i]! < samples[lowest]!) lowest = i;
    }
    return lowest;
  };
  const [left, right] = [base(-1), base(1)];
  return { prominence: top - Math.max(samples[left]!, samples[right]!), left, right };
}

/**
 * Where a peak begins and ends at a part of its prominence, between samples on straight lines.
 *
 * @param samples The samples
 * @param peak Where it is
 * @param part The part, from the top
 * @param of Its prominence
 */
export function widthOf(
  samples: ArrayLike<number>,
  peak: number,
  part: number,
  of: Prominence,
): { readonly height: number; readonly left: number; readonly right: number } {
  const height = samples[peak]! - of.prominence * part;
  const crossing = (end: number, step: -1 | 1) => {
    let i = peak;
    while ((end - i) * step > 0 && height < samples[i]!) i += step;
    const value = samples[i]!;
    return value < height ? i - step * (height - value) / (samples[i - step]! - value) : i;
  };
  return { height, left: crossing(of.left, -1), right: crossing(of.right, 1) };
}
