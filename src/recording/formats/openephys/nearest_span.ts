/**
 * Which of many stretches of time a moment belongs to.
 *
 * @module
 */

/** A stretch of time, in seconds. */
export interface Span {
  /** When it begins. */
  readonly tStart: number;
  /** When it ends. */
  readonly tStop: number;
}

/**
 * Makes what finds the stretch that a moment lies in, else the nearest; where one ends and the next begins it is the next one's.
 *
 * @param spans The stretches; `null` ones are never found
 * @returns Gives the index of a moment's stretch; 0 where there is none
 */
export function nearestSpan(spans: readonly (Span | null)[]): (seconds: number) => number {
  const there = spans.flatMap((span, index) => span === null ? [] : [{ ...span, index }]);
  if (there.length <= 1) return () => there[0]?.index ?? 0;
  const awayFrom = ({ tStart, tStop }: Span, seconds: number) => Math.max(0, tStart - seconds, seconds - tStop);
  const best = (among: typeof there, seconds: number) => {
    let found = among[0]!;
    for (const span of among) {
      const [away, least] = [awayFrom(span, seconds), awayFrom(found, seconds)];
      if (away < least || away === least && seconds >= span.tStart) found = span;
    }
    return found.index;
  };
  const ascends = there.every((span, i) => i === 0 || span.tStart >= there[i - 1]!.tStop);
  if (!ascends) return (seconds) => best(there, seconds);
  return (seconds) => {
    let [low, high] = [0, there.length];
    // The last that has begun, and the one behind it.
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (there[middle]!.tStart <= seconds) low = middle;
      else high = middle;
    }
    return best(there.slice(low, low + 2), seconds);
  };
}
