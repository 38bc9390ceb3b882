import assert from "node:assert/strict";
import ts from "./support/tools/typescript.ts";

/** Every name that `mod.ts` exports, types included. A name that goes is a breaking change; one that comes is a promise. */
const NAMES = `
  ArrayChunks ArrayDType ArrayData ArrayReadOptions ArrayView AsyncBuffer Attempt Attribute AttributeOptions
  AttributeSet AttributeSetOptions AttributeValue AxisOrder AxisSelection BoolDType ByteOrder ByteRange ByteSink
  ByteSource CastOptions ChangeOptions ChunkSizeOptions ChunkSource ClosedError ComplexDType CompoundDType
  Compression CorruptFileError Cost CostMeter CreateGroupOptions CreateOptions CsvOptions DType DTypeError
  DTypeInput DataChunk DataChunkIterator DataChunkIteratorOptions Dataset DatasetOptions DatasetReadOptions
  DatasetWriteOptions DatetimeDType Descr DescrField EnumDType ErrorDetails ExternalFileError ExternalResolver
  FetchLike FileChangedError FileInfo Filter FloatDType FormatArrayOptions FormatError FromZarrOptions
  GenericDataChunkIterator GenericDataChunkIteratorOptions GetData Group GroupOptions H5File H5Object
  HttpClientOptions HttpOptions HttpStatusError InitOptions IntDType IterateChunksOptions JsonValue LazyArray
  LimitError LimitOptions Limits Link LinkDepthError LinkTarget Member MemoryArrayOptions MemorySink MicrotomeError
  ModuleBytes ModuleSource NDArray NamedType NetworkError NotFoundError NotHdf5Error NpyArray NpyEncodeOptions
  NpyOptions Npz NpzEncodeOptions NpzOptions NumericData ObjectDType OpaqueDType OpenOptions Overflow PartialShape
  Progress ProgressBar ProgressBarOptions ProtocolError R2BucketLike R2GetOptions R2Location R2ObjectLike
  RangeUnsupportedError RawArray RawMode RawOptions RawScale RawSidecar RawWriteData ReadOptions Reference
  ReferenceDType ReferenceTarget RequestEvent ResolvedAxis ResolvedReader RetryOptions Selection SelectionError
  ShapeError SinkTarget SizeOptions Slice SourceError SourceInput SourceOptions StorageOptions StringDType
  TableColumn TruncatedError UnsupportedError UnsupportedFilterError VlenDType WalkOptions WasmError
  WritableAttributeSet WritableData WritableDataset WritableFile WritableGroup WriteError WriteNpyOptions
  WriteNpzOptions WriteOptions WriteProgress WriteSource WrongKindError ZarrBufferView ZarrChunk ZarrChunkedArray
  ZarrGetOptions ZarrRange ZarrStore ZarrStoreOptions ZipArchive ZipEntry ZipProblem change chunkAsType chunkLength
  create decodeSidecar defaultBufferShape defaultChunkShape describeDType dtypeFromDescr dtypeFromNumpy elementAt
  elements encodeNpy encodeNpz encodeSidecar flatten formatArray formatBytes formatCost formatRecords formatSize
  formatTable fromZarr init isNDArray iterateChunks memoryArray memorySink minBounds ndarray numpyDescr numpyName
  open openNpy openNpz openRaw parseBytes parseSelection progressBar progressLine resolveSelection sidecarPath slice
  subtractCost toCsv toJsonValue toNested unpickle writeNpy writeNpz zarrStore
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
