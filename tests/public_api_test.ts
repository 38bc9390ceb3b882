import assert from "node:assert/strict";
import ts from "./support/tools/typescript.ts";

/** Every name that `mod.ts` exports, types included. A name that goes is a breaking change; one that comes is a promise. */
const NAMES = `
  ArrayChunks ArrayDType ArrayData ArrayReadOptions ArrayView AsyncBuffer Attempt Attribute AttributeOptions
  AttributeSet AttributeSetOptions AttributeValue AxisOrder AxisSelection BinAverageOptions BinOptions BinRange
  BinSpec BoolDType ByteOrder ByteRange ByteSink ByteSource CastOptions ChangeOptions ChunkSizeOptions ChunkSource
  ClosedError ColumnName ColumnReadOptions Comparison Compatible CompatibleOptions ComplexDType CompoundDType
  Compression ConvolveOptions CorrelogramOptions Correlograms CorruptFileError Cost CostMeter CountOptions
  CreateGroupOptions CreateOptions CrossCorrelogramOptions CsvOptions DType DTypeError DTypeInput DataChunk
  DataChunkIterator DataChunkIteratorOptions Dataset DatasetOptions DatasetReadOptions DatasetWriteOptions
  DatetimeDType DecimateOptions DecimationFilter Descr DescrField DropnaOptions EnumDType EpochOptions ErrorDetails
  EventTriggeredAverageOptions EventWindow ExternalFileError ExternalResolver FetchLike FileChangedError FileInfo
  Filter FloatDType Folder FolderEntryKind FolderItem FolderOptions FolderSaveOptions FormatArrayOptions FormatError
  FromZarrOptions GenericDataChunkIterator GenericDataChunkIteratorOptions GetData Group GroupInput GroupOptions
  H5File H5Object HttpClientOptions HttpOptions HttpStatusError IndexedTimes IndexedValues InitOptions IntDType
  InterpolateEdges InterpolateOptions IntervalPairs IntervalSet IntervalSetOptions Intervals IsiOptions
  IterateChunksOptions JsonValue KeyInput LabelledArray Labels LazyArray LengthOptions LimitError LimitOptions
  Limits Link LinkDepthError LinkTarget MatchMode Member MemoryArrayOptions MemorySink MergeOptions Metadata
  MetadataColumn MetadataColumns MetadataInput MicrotomeError ModuleBytes ModuleSource MutualInformation
  MutualInformationOptions NDArray NWBFile NamedType NetworkError NotFoundError NotHdf5Error NpyArray
  NpyEncodeOptions NpyOptions Npz NpzEncodeOptions NpzOptions Numbers NumericData NwbColumn NwbEntry NwbObject
  NwbOptions NwbReadOptions NwbSeries NwbTable NwbTimeSeries NwbView ObjectDType OpaqueDType OpenOptions Overflow
  PartialShape PerieventOptions PrintOptions Progress ProgressBar ProgressBarOptions ProtocolError R2BucketLike
  R2GetOptions R2Location R2ObjectLike RaggedRow RangeUnsupportedError RawArray RawMode RawOptions RawScale
  RawSidecar RawWriteData ReadEpochOptions ReadOptions ReduceOptions Reference ReferenceDType ReferenceTarget
  RequestEvent ResolvedAxis ResolvedReader ResponseOptions RetryOptions Rows Run SaveNpzOptions Selection
  SelectionError Series SeriesKind SeriesNpz SeriesNpzLoadOptions SeriesObject SeriesOptions ShapeError SinkTarget
  SizeOptions Slice SmoothOptions SortedIntervals SourceError SourceInput SourceOptions StorageOptions StringDType
  TableColumn TableOptions TableRow ThresholdOptions TimeAxis TimeDiffOptions TimeIndex TimeUnit TrialCountOptions
  TrialOptions Trim TruncatedError Ts TsGroup TsGroupOptions Tsd TsdFrame TsdFrameOptions TsdTensor TuningAttrs
  TuningCurves TuningCurvesOptions TypedObject UnsupportedError UnsupportedFilterError ValueFromOptions ValueSeries
  Values ValuesInput VlenDType WalkOptions WarningOptions WasmError WritableAttributeSet WritableData
  WritableDataset WritableFile WritableGroup WriteError WriteNpyOptions WriteNpzOptions WriteOptions WriteProgress
  WriteSource WrongKindError ZarrBufferView ZarrChunk ZarrChunkedArray ZarrGetOptions ZarrRange ZarrStore
  ZarrStoreOptions ZipArchive ZipEntry ZipProblem change chunkAsType chunkLength computeAutoCorrelogram
  computeCrossCorrelogram computeEventCorrelogram computeEventTriggeredAverage computeIsiDistribution
  computeMutualInformation computePerievent computeResponsePerEpoch computeSpikeTriggeredAverage computeTuningCurves
  create decodeSidecar defaultBufferShape defaultChunkShape describeDType dtypeFromDescr dtypeFromNumpy elementAt
  elements encodeNpy encodeNpz encodeSeriesNpz encodeSidecar flatten formatArray formatBytes formatCost
  formatRecords formatSize formatTable fromZarr init isNDArray iterateChunks listedAxis loadFile loadFolder loadNpz
  makeSeries memoryArray memorySink minBounds ndarray numpyDescr numpyName open openNpy openNpz openRaw
  openSeriesNpz parseBytes parseSelection progressBar progressLine regularAxis resolveSelection saveNpz sidecarPath
  slice subtractCost toCsv toJsonValue toNested unpickle writeNpy writeNpz zarrStore
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
