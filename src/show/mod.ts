/**
 * What files hold, as text for servers, pages and terminals: entries of NWB files and parts of recordings in a window of time as
 * JSON and CSV, sessions of torch_brain as JSON. The command line and the edge example print it.
 *
 * @module
 */
export { entryCsv, entryJson, type ReadEntry } from "./entry_text.ts";
export { countOf, type OpenEntry, openEntry } from "./nwb_entry.ts";
export { type SessionJson, sessionJson } from "./session_json.ts";
export { eventsAt, eventsCsv, eventsJson, type ShownEvents } from "./recording_events.ts";
export {
  placeAt,
  placesOf,
  recordingJson,
  type RecordingPart,
  type RecordingPlace,
  type RecordingRequest,
  signalPart,
} from "./recording_part.ts";
export { type SeriesEntry, type TimeWindow, windowOf } from "./window.ts";
