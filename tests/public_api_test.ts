import assert from "node:assert/strict";
import ts from "./support/tools/typescript.ts";

/** Every name that `mod.ts` exports, types included. A name that goes is a breaking change; one that comes is a promise. */
const NAMES = `
  ArrayDType ArrayData ArrayReadOptions ArrayView Attribute AttributeOptions AttributeSet AttributeValue AxisSelection
  BoolDType ByteOrder ByteRange ByteSource ClosedError ComplexDType CompoundDType CorruptFileError Cost DType Dataset
  DatasetReadOptions DatetimeDType EnumDType ErrorDetails ExternalFileError ExternalResolver FileChangedError FileInfo
  Filter FloatDType FormatError Group GroupOptions H5File H5Object HttpStatusError InitOptions IntDType LazyArray
  LimitError Link LinkDepthError Member MicrotomeError NDArray NamedType NetworkError NotFoundError NotHdf5Error
  NumericData OpaqueDType OpenOptions ProtocolError RangeUnsupportedError ReadOptions Reference ReferenceDType
  ReferenceTarget RequestEvent ResolvedAxis ResolvedReader Selection SelectionError Slice SourceError SourceInput
  SourceOptions StringDType TruncatedError UnsupportedError UnsupportedFilterError VlenDType WasmError WrongKindError
  describeDType dtypeFromNumpy elementAt elements encodeNpy flatten formatArray formatBytes formatCost formatRecords
  formatTable init memoryArray ndarray numpyName open parseSelection resolveSelection slice subtractCost toCsv
  toJsonValue toNested AsyncBuffer Attempt CostMeter CsvOptions FormatArrayOptions HttpClientOptions HttpOptions JsonValue
  LimitOptions Limits MemoryArrayOptions R2BucketLike R2Location TableColumn FetchLike RetryOptions R2GetOptions R2ObjectLike
`;

const MOD = new URL("../mod.ts", import.meta.url);

/** Names that a module exports, with those of the modules that it exports whole. */
function exportedNames(url: URL): string[] {
  const source = ts.createSourceFile(url.href, Deno.readTextFileSync(url), ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
        return statement.exportClause.elements.map((element) => element.name.text);
      }
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      return exportedNames(new URL(from, url));
    }
    const isExported = ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((one) => (one.name as ts.Identifier).text);
    }
    return [(statement as ts.DeclarationStatement).name!.text];
  });
}

Deno.test("the public API is the one that is written down", () => {
  const expected = NAMES.trim().split(/\s+/).sort();
  assert.deepEqual([...new Set(exportedNames(MOD))].sort(), expected);
});

Deno.test("what mod.ts exports at run time is among the names written down", async () => {
  const names = new Set(NAMES.trim().split(/\s+/));
  const found = Object.keys(await import(MOD.href));
  assert.ok(found.length > 10);
  assert.deepEqual(found.filter((name) => !names.has(name)), []);
});
