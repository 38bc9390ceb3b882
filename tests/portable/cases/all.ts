/**
 * All portable cases.
 *
 * @module
 */
import type { Case, Context } from "../types.ts";
import { batchCases } from "./batch.ts";
import { costCases } from "./cost.ts";
import { errorCases } from "./errors.ts";
import { fileCases } from "./files.ts";
import { npzCases } from "./npz.ts";
import { nwbCases } from "./nwb.ts";
import { rawCases } from "./raw.ts";
import { readerCases } from "./reader.ts";
import { recordingCases } from "./recordings.ts";
import { selectionCases } from "./selections.ts";
import { seriesAnalysisCases } from "./series_analysis.ts";
import { seriesNpzCases } from "./series_npz.ts";
import { serverCases } from "./servers.ts";
import { signalCases } from "./signal.ts";
import { sourceCases } from "./sources.ts";
import { temporalCases } from "./temporal.ts";
import { temporalDatasetCases } from "./temporal_datasets.ts";
import { temporalWindowCases } from "./temporal_windows.ts";
import { writeCases } from "./write.ts";
import { zarrCases } from "./zarr.ts";

/**
 * The cases, in the order in which they run.
 *
 * @param context Which files there are.
 * @returns The cases.
 */
export function cases(context: Context): Case[] {
  return [
    ...fileCases(context),
    ...selectionCases,
    ...npzCases,
    ...nwbCases,
    ...costCases,
    ...serverCases,
    ...sourceCases,
    ...rawCases,
    ...recordingCases,
    ...errorCases,
    ...writeCases,
    ...zarrCases,
    ...readerCases,
    ...signalCases,
    ...batchCases,
    ...seriesNpzCases,
    ...seriesAnalysisCases,
    ...temporalCases,
    ...temporalWindowCases,
    ...temporalDatasetCases,
  ];
}
