// deno-lint-ignore-file no-import-prefix -- an entry in the import map would be downloaded by every command, the demo too
export { default } from "npm:typescript@6.0.3";
