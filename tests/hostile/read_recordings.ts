/**
 * Reading recordings whole, as the product does.
 *
 * @module
 */
import { headerText, openRecording, type Recording, type RecordingSource } from "../../src/recording/mod.ts";
import type { LazyArray } from "../../mod.ts";
import { digest, note } from "./digest.ts";
import { type Files, newReading, type Reading } from "./kind.ts";

const LIMITS = { maxReadBytes: 32 * 2 ** 20, maxChunkBytes: 32 * 2 ** 20 };
/** What is read of a hostile header's claims. */
const MOST = 20;

/**
 * What reads recordings of a format.
 *
 * @param format Its name; whether it is found without is tried too
 * @param main The file that is opened, the others lie beside it; by default the folder
 */
export function recordingReader(format: string, main?: string): (files: Files) => Promise<Reading> {
  return async (files) => {
    const reading = newReading();
    const source: RecordingSource = main === undefined
      ? files
      : new File([files.get(main) as Uint8Array<ArrayBuffer>], main);
    const options = { ...LIMITS, ...(main === undefined ? {} : { siblings: files }) };
    await note(reading, "found", async () => {
      await using found = await openRecording(source, options);
      return found.format.name;
    });
    // That it isn't known without its name any more is no error of reading it.
    reading.errors.length = 0;
    try {
      await using recording = await openRecording(source, { ...options, format });
      await readRecording(recording, reading);
    } catch (error) {
      reading.errors.push(error);
    }
    return reading;
  };
}

async function readRecording(recording: Recording, reading: Reading): Promise<void> {
  const { header, parts } = recording;
  reading.items.set("header", digest(header));
  reading.items.set("texts", digest([String(recording), headerText(header, { buffers: true })]));
  const array = async (name: string, one: LazyArray | undefined) => {
    if (one === undefined) return;
    await note(reading, name, () => one.read());
    const [length] = one.shape as [number];
    if (length > 2) await note(reading, `${name} part`, () => one.read([{ start: 1, stop: length - 1, step: 1 }]));
  };
  for (const [blockIndex, { segments, annotations }] of parts.blocks.slice(0, MOST).entries()) {
    reading.items.set(`block ${blockIndex}`, digest(annotations));
    for (const [segmentIndex, segment] of segments.slice(0, MOST).entries()) {
      const place = { blockIndex, segmentIndex };
      const name = `${blockIndex}/${segmentIndex}`;
      reading.items.set(name, digest([segment.tStart, segment.tStop, segment.annotations]));
      for (const [i, signal] of segment.signals.slice(0, MOST).entries()) {
        await array(`${name} signal ${i}`, signal?.array);
        await array(`${name} timestamps ${i}`, signal?.timestamps);
      }
      for (const i of header.eventChannels.slice(0, MOST).keys()) {
        await note(reading, `${name} events ${i}`, () => recording.getEvents(i, place));
      }
      for (const i of header.spikeChannels.slice(0, MOST).keys()) {
        const spikes = await note(reading, `${name} times ${i}`, async () => {
          const { timestamps, annotations } = await recording.getSpikes(i, place);
          return [timestamps, annotations];
        });
        if (spikes !== undefined) {
          await array(`${name} waveforms ${i}`, (await recording.getSpikes(i, place)).waveforms);
        }
      }
      await note(
        reading,
        `${name} objects`,
        async () => String(await recording.readSegment({ ...place, loadWaveforms: true })),
      );
    }
  }
  await note(reading, "index", () => recording.index());
  reading.warnings.push(...recording.warnings);
}
