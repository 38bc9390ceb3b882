/**
 * What SpikeInterface writes beside the traces of a recording that it saves.
 *
 * @module
 */

/** Name of the file of traces in the folder. */
export const TRACES = "traces_cached_seg0.raw";

/**
 * `binary.json`: by it `spikeinterface.load` opens the folder.
 *
 * @throws {TypeError} If the sampling rate isn't known
 */
export function spikeInterfaceJson(
  { samplingRate, isPerChannel, nChannels, dtype }: {
    readonly samplingRate: number | null;
    readonly isPerChannel: boolean;
    readonly nChannels: number;
    readonly dtype: string;
  },
): string {
  if (samplingRate === null) {
    throw new TypeError("Cannot write a folder for SpikeInterface without a sampling rate: give samplingRate");
  }
  const json = {
    class: "spikeinterface.core.binaryrecordingextractor.BinaryRecordingExtractor",
    module: "spikeinterface",
    version: "0.101.0",
    kwargs: {
      file_paths: [TRACES],
      sampling_frequency: samplingRate,
      t_starts: null,
      num_channels: nChannels,
      dtype,
      channel_ids: Array.from({ length: nChannels }, (_, i) => String(i)),
      time_axis: isPerChannel ? 1 : 0,
      file_offset: 0,
      gain_to_uV: null,
      offset_to_uV: null,
      is_filtered: false,
    },
    annotations: {},
    properties: {},
    relative_paths: true,
  };
  return `${JSON.stringify(json, null, 4)}\n`;
}
