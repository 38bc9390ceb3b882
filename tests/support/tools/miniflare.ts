// deno-lint-ignore-file no-import-prefix -- an entry in the import map would be downloaded by every command, the demo too
export { Miniflare } from "npm:miniflare@4.20260730.0";
