// deno-lint-ignore-file no-import-prefix -- an entry in the import map would be downloaded by every command, the demo too
export { build } from "npm:vite@8.3.8";
