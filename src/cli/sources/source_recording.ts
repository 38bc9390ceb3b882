/**
 * Recordings as the commands show them.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import type { JsonValue } from "../../array/text/serialise.ts";
import type { DType } from "../../array/types.ts";
import type { Opened } from "../../formats/mod.ts";
import type { SignalChannel } from "../../recording/header.ts";
import type { Recording } from "../../recording/recording.ts";
import { placesOf, recordingJson, type RecordingPlace } from "../../show/recording_part.ts";
import { NotFoundError } from "../../source/errors.ts";
import type { TreeAttribute, TreeNode } from "../tree.ts";
import { type ArraySource, arraySource } from "./sources.ts";

const FLOAT64: DType = { kind: "float", itemsize: 8, byteOrder: "<" };

/**
 * A recording as a source: blocks and segments are groups, streams arrays, events and spikes what stands beside them.
 *
 * @param opened The recording
 */
export function recordingSource(opened: Opened): ArraySource {
  const recording = opened.handle as Recording;
  return arraySource(opened, {
    kind: recording.format.name,
    recording,
    // deno-lint-ignore require-await -- so that a wrong path rejects
    tree: async (path, { depth }) => cutTree(nodeAt(recordingTree(recording), path, recording.name), depth),
    // deno-lint-ignore require-await -- as others have it
    async info() {
      const text = [String(recording), ...recording.warnings.map((line) => `Warning: ${line}\n`)].join("");
      return { rows: [], text, json: recordingJson(recording) };
    },
  });
}

function recordingTree(recording: Recording): TreeNode {
  const places = placesOf(recording);
  const blocks = recording.parts.blocks.map(({ name, segments }, blockIndex): TreeNode => ({
    name: String(blockIndex),
    path: `/${blockIndex}`,
    kind: "group",
    attributes: name === undefined || name === "" ? [] : [attribute("name", name)],
    members: segments.map(({ tStart, tStop }, segmentIndex): TreeNode => ({
      name: String(segmentIndex),
      path: `/${blockIndex}/${segmentIndex}`,
      kind: "group",
      attributes: [attribute("t_start", tStart), attribute("t_stop", tStop)],
      members: membersOf(
        recording,
        places.filter((place) => place.blockIndex === blockIndex && place.segmentIndex === segmentIndex),
      ),
    })),
  }));
  return { name: "/", path: "/", kind: "group", members: blocks };
}

function membersOf(recording: Recording, places: readonly RecordingPlace[]): TreeNode[] {
  const named = (key: string) => key.replace(/^\/\d+\/\d+\/(events\/|spikes\/)?/, "");
  const of = (kind: RecordingPlace["kind"]) => places.filter((place) => place.kind === kind);
  const signals = of("signal").map((place): TreeNode => {
    const { key, blockIndex, segmentIndex, index: streamIndex } = place;
    const channels = recording.channels(streamIndex);
    const { shape, chunkShape } = recording.rawSignal({ blockIndex, segmentIndex, streamIndex });
    return {
      name: named(key),
      path: key,
      kind: "dataset",
      shape,
      maxShape: shape,
      dtype: dtypeFromNumpy(`<${channels[0]!.dtype}`),
      chunks: chunkShape,
      layout: chunkShape === null ? "contiguous" : "records",
      filters: [],
      attributes: [
        attribute("sampling_rate", channels[0]!.samplingRate),
        attribute("t_start", recording.getSignalTStart(blockIndex, segmentIndex, streamIndex)),
        attribute("units", unitsText(channels)),
        attribute("channel_names", namesText(channels), channels.map(({ name }) => name)),
      ],
    };
  });
  const group = (kind: "events" | "spikes", what: (index: number) => TreeAttribute[]): TreeNode[] => {
    const found = of(kind);
    if (found.length === 0) return [];
    const members = found.map(({ key, index }): TreeNode => (
      { name: named(key), path: key, kind: "group", members: [], attributes: what(index) }
    ));
    return [{ name: kind, path: found[0]!.key.replace(/\/[^/]*$/, ""), kind: "group", members }];
  };
  const { eventChannels, spikeChannels } = recording.header;
  return [
    ...signals,
    ...group("events", (index) => [attribute("type", eventChannels[index]!.type)]),
    ...group("spikes", (index) => [attribute("waveform_units", spikeChannels[index]!.wfUnits)]),
  ];
}

/** Units of channels: each once, with how many have it where there are several. */
function unitsText(channels: readonly SignalChannel[]): string {
  const counts = new Map<string, number>();
  for (const { units } of channels) counts.set(units, (counts.get(units) ?? 0) + 1);
  if (counts.size === 1) return channels[0]!.units;
  return [...counts].map(([unit, count]) => `${unit || "none"} (${count})`).join(", ");
}

/** Names as neo shortens them: the first four and the last four. */
function namesText(channels: readonly SignalChannel[]): string {
  const names = channels.map(({ name }) => name);
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 4).join(", ")} … ${names.slice(-4).join(", ")}`;
}

function attribute(name: string, value: string | number, json: JsonValue = value): TreeAttribute {
  return { name, dtype: typeof value === "number" ? FLOAT64 : dtypeFromNumpy("str"), value, json };
}

function nodeAt(tree: TreeNode, path: string, name: string): TreeNode {
  const wanted = `/${path.replace(/^\/+|\/+$/g, "")}`;
  const find = (node: TreeNode): TreeNode | undefined => {
    if (node.path === wanted) return node;
    for (const member of node.members ?? []) {
      const found = find(member);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = find(tree);
  if (found !== undefined) return found;
  throw new NotFoundError(`Cannot find ${JSON.stringify(path)} in ${name}: it has no such block, segment or stream`, {
    file: name,
    object: path,
  });
}

function cutTree(node: TreeNode, depth: number): TreeNode {
  const { members, ...rest } = node;
  if (members === undefined) return node;
  if (depth === 0 && members.length > 0) return { ...rest, memberCount: members.length };
  return { ...rest, members: members.map((member) => cutTree(member, depth - 1)) };
}
