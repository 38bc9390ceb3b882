import type { PrintOptions } from "./print_options.ts";
import type { TsGroup } from "./ts_group.ts";

export function formatGroup(_group: TsGroup, _options?: PrintOptions): string {
  return "";
}
