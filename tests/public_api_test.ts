import assert from "node:assert/strict";
import ts from "./support/tools/typescript.ts";

/** Every name that `mod.ts` exports, types included. A name that goes is a breaking change; one that comes is a promise. */
const NAMES = `
  AnyArrayInput ArrayChunks ArrayDType ArrayData ArrayDescription ArrayDict ArrayInput ArrayReadOptions ArrayValue
  ArrayView Arrays AsyncBuffer Attempt Attribute AttributeOptions AttributeSet AttributeSetOptions AttributeValue
  AxisOrder AxisSelection BinAverageOptions BinOptions BinRange BinSpec BinSpikesOptions BoolDType ByteOrder ByteRange
  ByteSink ByteSource CastOptions ChangeOptions ChunkSizeOptions ChunkSource ClosedError ColumnName ColumnReadOptions
  Comparison Compatible CompatibleOptions ComplexDType CompoundDType Compression ConcatOptions ConvolveOptions
  CorrelogramOptions Correlograms CorruptFileError Cost CostMeter CountOptions CreateGroupOptions CreateOptions
  CrossCorrelogramOptions CsvOptions DType DTypeData DTypeError DTypeInput DTypeName Data DataChunk DataChunkIterator
  DataChunkIteratorOptions DataOptions Dataset DatasetIndex DatasetOptions DatasetReadOptions DatasetUnitsOptions
  DatasetWriteOptions DatetimeDType DecimateOptions DecimationFilter DereferenceOptions Descr DescrField DropnaOptions
  EnumDType EpochOptions ErrorDetails EventTriggeredAverageOptions EventWindow ExternalFileError ExternalResolver
  FetchLike FileChangedError FileInfo Filter FiringRates FixedWindowOptions FloatDType Folder FolderEntryKind FolderItem
  FolderOptions FolderSaveOptions FormatArrayOptions FormatError Forms FromZarrOptions GapKind GapOptions GapValue
  GappyOptions GenericDataChunkIterator GenericDataChunkIteratorOptions GetData Group GroupInput GroupOptions H5File
  H5Object Held HttpClientOptions HttpOptions HttpStatusError InMemory IndexedTimes IndexedValues InitOptions IntDType
  InterpolateEdges InterpolateOptions Interval IntervalOptions IntervalPairs IntervalSet IntervalSetOptions Intervals
  IrregularOptions IrregularTimeSeries IsiOptions IterateChunksOptions JsonValue KeyInput Known LabelledArray Labels
  LazyArray LengthOptions LimitError LimitOptions Limits Link LinkDepthError LinkTarget LoadObjectOptions LoadOptions
  Mask Masked MatchMode MaybePromise Member MemberOf MembersInMemory MembersInput MembersOnDemand MemoryArrayOptions
  MemorySink MergeOptions Metadata MetadataColumn MetadataColumns MetadataInput MicrotomeError ModuleBytes ModuleSource
  MutualInformation MutualInformationOptions NDArray NWBFile NamedType NestedRecordingDataset
  NestedRecordingDatasetOptions NetworkError NotFoundError NotHdf5Error NpyArray NpyEncodeOptions NpyOptions Npz
  NpzEncodeOptions NpzOptions Numbers NumericData NwbColumn NwbEntry NwbObject NwbOptions NwbReadOptions NwbSeries
  NwbTable NwbTimeSeries NwbValue NwbView ObjectDType ObjectType ObjectTypes OnDemand OpaqueDType OpenAnyOptions OpenOptions Opened Overflow
  PartialShape PerieventOptions Picked PlainArray PrintOptions Progress ProgressBar ProgressBarOptions ProtocolError
  R2BucketLike R2GetOptions R2Location R2ObjectLike RaggedRow RandomFixedWindowOptions RandomFixedWindowSampler
  RangeUnsupportedError RawArray RawMode RawOptions RawScale RawSidecar RawWriteData ReadEpochOptions ReadIntoOptions
  ReadOptions RecordArrays RecordingDataset RecordingDatasetOptions RecordingOptions RecordingSources Recordings Records
  RecordsOptions ReduceOptions Reference ReferenceDType ReferenceTarget RegularOptions RegularSliceOptions
  RegularTimeSeries RequestEvent ResolvedAxis ResolvedReader ResponseOptions RetryOptions Rows Run Sampler
  SamplingIntervalOptions SamplingIntervals SaveNpzOptions SaveOptions Selection SelectionError
  SequentialFixedWindowOptions SequentialFixedWindowSampler Serializer Series SeriesKind SeriesNpz SeriesNpzLoadOptions
  SeriesObject SeriesOptions ShapeError SharedStorage SinkTarget SizeOptions Slice SliceOptions SmoothOptions
  SortedIntervals SourceError SourceInput SourceOptions SplitOptions StorageOptions StringDType TableColumn TableOptions
  TableRow ThresholdOptions TimeAxis TimeDiffOptions TimeIndex TimeUnit TrialCountOptions TrialOptions TrialSampler
  TrialSamplerOptions Trim TruncatedError Ts TsGroup TsGroupOptions Tsd TsdFrame TsdFrameOptions TsdTensor TuningAttrs
  TuningCurves TuningCurvesOptions TypedObject UnknownFormatError UnsupportedError UnsupportedFilterError ValueAt ValueFromOptions
  ValueSeries Values ValuesInput VlenDType WalkOptions WarningOptions WasmError WritableAttributeSet WritableData
  WritableDataset WritableFile WritableGroup WriteError WriteNpyOptions WriteNpzOptions WriteOptions WriteProgress
  WriteSource WrongKindError ZarrBufferView ZarrChunk ZarrChunkedArray ZarrGetOptions ZarrRange ZarrStore
  ZarrStoreOptions ZipArchive ZipEntry ZipProblem arraysFromRecords averageFiringRates binSpikes change chunkAsType
  chunkLength computeAutoCorrelogram computeCrossCorrelogram computeEventCorrelogram computeEventTriggeredAverage
  computeIsiDistribution computeMutualInformation computePerievent computeResponsePerEpoch computeSpikeTriggeredAverage
  computeTuningCurves concat create decodeSidecar defaultBufferShape defaultChunkShape describeDType dtypeFromDescr
  dtypeFromNumpy elementAt elements encodeNpy encodeNpz encodeSeriesNpz encodeSidecar flatten formatArray formatBytes
  formatCost formatRecords formatSize formatTable fromGappyTimeseries fromZarr hasDType init intervalFromRecords
  isNDArray iterateChunks listedAxis loadFile loadFolder loadNpz loadObject makeSeries memoryArray memorySink minBounds
  ndarray numpyDescr numpyName open openAny openNpy openNpz openRaw openSeriesNpz parseBytes parseSelection progressBar
  progressLine regularAxis resolveSelection saveNpz saveObject sidecarPath slice subtractCost toCsv toJsonValue toMask
  toNested unitIdsOf unpickle writeNpy writeNpz zarrStore
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
