// deno-lint-ignore-file no-import-prefix -- an entry in the import map would be downloaded by every command, the demo too
export * from "npm:esbuild@0.28.2";
