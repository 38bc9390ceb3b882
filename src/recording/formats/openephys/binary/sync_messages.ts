/**
 * `sync_messages.txt`: when streams began, by their own clocks and by the computer's.
 *
 * @module
 */

/** What a recording's sync messages say. */
export interface SyncMessages {
  /** When recording began by the computer's clock, since 0.6. */
  readonly softwareTime?: Date | undefined;
  /** Ticks per second of the clock of events that no stream clocks, before 0.6. */
  readonly softwareRate?: number | undefined;
  /** Where streams began. */
  readonly starts: readonly SyncStart[];
}

/** Where a stream began. */
export interface SyncStart {
  /** Id of its processor. */
  readonly id: number;
  /** Which part of it, before 0.6. */
  readonly subIndex?: number | undefined;
  /** Name of the stream, since 0.6. */
  readonly streamName?: string | undefined;
  /** Number of its first sample. */
  readonly start: number;
}

const OLD_SOFTWARE = /Software time: (-?\d+)@(\d+)Hz/i;
const NEW_SOFTWARE = /Software Time \(milliseconds since midnight Jan 1st 1970 UTC\):?\s*(\d+)/i;
const NEW_SOFTWARE_LEGACY = /^\s*(\d+), Software Time \(milliseconds since/i;
const OLD_START = /Processor: .{0,200}? Id: (\d+) subProcessor: (\d+) start time: (-?\d+)@[\d.]+Hz/i;
const NEW_START = /Start Time for .{0,200}? \((\d+)\) - (.{0,200}?) @ [\d.]+ Hz:?\s*(-?\d+)?/i;

/**
 * Parses sync messages; lines that say nothing of the kind are left out.
 *
 * @param text The file
 */
export function parseSyncMessages(text: string): SyncMessages {
  let softwareTime: Date | undefined;
  let softwareRate: number | undefined;
  const starts: SyncStart[] = [];
  for (const line of text.split(/\r?\n/).slice(0, 1000)) {
    const part = line.slice(0, 1000);
    const now = NEW_SOFTWARE_LEGACY.exec(part) ?? NEW_SOFTWARE.exec(part);
    if (now !== null) {
      const date = new Date(Number(now[1]));
      if (!Number.isNaN(date.getTime())) softwareTime = date;
      continue;
    }
    const ticks = OLD_SOFTWARE.exec(part);
    if (ticks !== null) {
      if (Number(ticks[2]) > 0) softwareRate = Number(ticks[2]);
      continue;
    }
    const old = OLD_START.exec(part);
    if (old !== null) {
      starts.push({ id: Number(old[1]), subIndex: Number(old[2]), start: Number(old[3]) });
      continue;
    }
    const start = NEW_START.exec(part);
    if (start !== null && start[3] !== undefined) {
      starts.push({ id: Number(start[1]), streamName: start[2]!, start: Number(start[3]) });
    }
  }
  return { softwareTime, softwareRate, starts };
}

/** Whether a line is one that the GUI writes of clocks, not a message. */
export function isSyncLine(line: string): boolean {
  return OLD_SOFTWARE.test(line) || OLD_START.test(line) || /Software Time \(milliseconds since/i.test(line) ||
    /Start Time for .{0,200}? \(\d+\) - /i.test(line);
}
