/**
 * The neurodata types and what each descends from: the core ones by heart, an extension's from the specifications that
 * the file carries.
 *
 * @module
 */

import { parseBoundedJson } from "../source/bounded_json.ts";
import { CorruptFileError } from "../source/errors.ts";

/**
 * The types of nwb-schema 2.10 and hdmf-common 1.9 and of their predecessors, by what they extend. Types whose parent is
 * `Container` or `Data` are left out where nothing asks for them.
 */
const CHILDREN: Readonly<Record<string, string>> = {
  Container: "CSRMatrix DynamicTable HERD NWBContainer SimpleMultiContainer ExternalResources",
  Data: "ElementIdentifiers NWBData VectorData",
  VectorData:
    "DurationVectorData DynamicTableRegion EnumData TimeSeriesReferenceVectorData TimestampVectorData VectorIndex",
  DynamicTable: "AlignedDynamicTable ElectrodesTable EventsTable ExperimentalConditionsTable FrequencyBandsTable " +
    "IntracellularElectrodesTable IntracellularResponsesTable IntracellularStimuliTable MeaningsTable " +
    "PlaneSegmentation RepetitionsTable SequentialRecordingsTable SimultaneousRecordingsTable SweepTable " +
    "TimeIntervals Units",
  AlignedDynamicTable: "IntracellularRecordingsTable",
  NWBData: "BaseImage ImageReferences ScratchData Image",
  BaseImage: "ExternalImage",
  Image: "GrayscaleImage RGBAImage RGBImage",
  NWBContainer: "Device DeviceModel ElectrodeGroup ImagingPlane IntracellularElectrode LabMetaData NWBDataInterface " +
    "NWBFile OpticalChannel OptogeneticStimulusSite ProcessingModule Subject",
  NWBDataInterface:
    "BehavioralEpochs BehavioralEvents BehavioralTimeSeries ClusterWaveforms Clustering CompassDirection " +
    "CorrectedImageStack DfOverF EventDetection EventWaveform EyeTracking FeatureExtraction FilteredEphys " +
    "Fluorescence ImageSegmentation Images ImagingRetinotopy LFP MotionCorrection Position PupilTracking TimeSeries",
  TimeSeries: "AbstractFeatureSeries AnnotationSeries DecompositionSeries ElectricalSeries ImageSeries IndexSeries " +
    "IntervalSeries OptogeneticSeries PatchClampSeries RoiResponseSeries SpatialSeries",
  ImageSeries: "ImageMaskSeries OnePhotonSeries OpticalSeries TwoPhotonSeries",
  ElectricalSeries: "SpikeEventSeries",
  PatchClampSeries: "CurrentClampSeries CurrentClampStimulusSeries VoltageClampSeries VoltageClampStimulusSeries",
  CurrentClampSeries: "IZeroClampSeries",
};

/** Made with a tree and not at import, so that bundles of other things can leave it out. */
function coreTypes(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(CHILDREN).flatMap(([parent, children]) =>
      children.split(" ").map((child) => [child, parent] as const)
    ),
  );
}

/** Deepest line of descent that is believed; the deepest known has seven. */
const DEEPEST = 64;

/** Which type descends from which. */
export class TypeTree {
  readonly #core: ReadonlyMap<string, string> = coreTypes();
  readonly #parents: ReadonlyMap<string, string>;

  /** @param parents What types that aren't core extend, by their names. */
  constructor(parents: ReadonlyMap<string, string> = new Map()) {
    this.#parents = parents;
  }

  /** Whether anything is known of a type. */
  knows(type: string): boolean {
    return this.#core.has(type) || this.#parents.has(type) || type in CHILDREN;
  }

  /**
   * A type and all that it descends from, the nearest first.
   *
   * @param type Its name
   * @throws {CorruptFileError} If the specifications lead in a circle
   */
  ancestry(type: string): string[] {
    const line = [type];
    for (let at: string | undefined = type; (at = this.#core.get(at) ?? this.#parents.get(at)) !== undefined;) {
      if (line.length > DEEPEST || line.includes(at)) {
        throw new CorruptFileError(
          `Cannot tell what the neurodata type ${JSON.stringify(type)} is: its specification leads in a circle ` +
            `(${[...line.slice(0, 8), at].join(" extends ")})`,
        );
      }
      line.push(at);
    }
    return line;
  }

  /** Whether a type is, or descends from, another. */
  isA(type: string, ancestor: string): boolean {
    return this.ancestry(type).includes(ancestor);
  }
}

/** A type that a specification defines. */
interface TypeSpec {
  readonly neurodata_type_def?: unknown;
  readonly neurodata_type_inc?: unknown;
  readonly data_type_def?: unknown;
  readonly data_type_inc?: unknown;
  readonly groups?: unknown;
  readonly datasets?: unknown;
}

/**
 * Finds what types extend in the text of a cached specification, nested definitions included.
 *
 * @param text JSON of a dataset `/specifications/<namespace>/<version>/<source>`
 * @param parents Gets them, by name
 * @throws {SyntaxError} If it isn't JSON
 */
export function collectParents(text: string, parents: Map<string, string>): void {
  const pending: unknown[] = [parseBoundedJson(text)];
  while (pending.length > 0) {
    const spec = pending.pop();
    if (Array.isArray(spec)) { for (const part of spec) pending.push(part); }
    else if (typeof spec === "object" && spec !== null) {
      const { neurodata_type_def, data_type_def, neurodata_type_inc, data_type_inc, groups, datasets } =
        spec as TypeSpec;
      const name = neurodata_type_def ?? data_type_def;
      const parent = neurodata_type_inc ?? data_type_inc;
      if (typeof name === "string" && name !== parent) {
        parents.set(name, typeof parent === "string" ? parent : "Container");
      }
      pending.push(groups, datasets);
    }
  }
}
