/** Points of the paths of class `trace` in an SVG, in its own coordinates; gaps between them are left out. */
export function pathPoints(svg: string): [number, number][] {
  const groups = [...svg.matchAll(/<g [^>]*class="trace"[^>]*>(.*?)<\/g>/gs)].map(([, inner]) => inner!);
  const paths = groups.flatMap((inner) => [...inner.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d!));
  return paths.flatMap((d) =>
    [...d.matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)])
  );
}
