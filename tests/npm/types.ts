/**
 * TypeScript as a user of the npm package has it.
 *
 * @module
 */
import ts from "../support/tools/typescript.ts";

/**
 * Checks files the strict way, the package's own declarations included, with the target's own library and no other, once
 * as bundlers resolve and once as Node does.
 *
 * @param paths The files.
 * @returns What is wrong, by both ways: file and message.
 */
export function typeErrors(paths: readonly string[]): string[] {
  const ways = [
    { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  ];
  return ways.flatMap((way) => {
    const program = ts.createProgram(paths, {
      ...way,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    });
    return ts.getPreEmitDiagnostics(program).map((one) => {
      const where = one.file === undefined ? "" : `${one.file.fileName}: `;
      return where + ts.flattenDiagnosticMessageText(one.messageText, "\n");
    });
  });
}
