/**
 * What came of many files, as text.
 *
 * @module
 */
import type { FileReport, Finding } from "./check_file.ts";

/** Counts of a set of reports. */
export interface Summary {
  readonly files: number;
  readonly filesEqual: number;
  readonly datasets: number;
  readonly byStatus: Readonly<Record<Finding["status"], number>>;
}

/** Whether a finding needs no explanation. */
export function isEqual(finding: Finding): boolean {
  return finding.status === "equal" || finding.status === "values" || finding.status === "link";
}

/**
 * Counts.
 *
 * @param reports One per file.
 */
export function summarize(reports: readonly FileReport[]): Summary {
  const byStatus = { equal: 0, values: 0, link: 0, refused: 0, more: 0, differs: 0 };
  for (const { findings } of reports) for (const { status } of findings) byStatus[status]++;
  return {
    files: reports.length,
    filesEqual: reports.filter(({ findings }) => findings.every(isEqual)).length,
    datasets: reports.reduce((sum, { findings }) => sum + findings.length, 0),
    byStatus,
  };
}

/**
 * One line of counts.
 *
 * @param label What was read, and how.
 * @param summary The counts.
 */
export function summaryLine(label: string, { files, filesEqual, datasets, byStatus }: Summary): string {
  const equal = byStatus.equal + byStatus.values + byStatus.link;
  return `${label}: ${filesEqual} of ${files} files and ${equal} of ${datasets} datasets and links equal` +
    ` (${byStatus.values} of them but for bytes between fields or beyond float64); ${byStatus.more} read that the peer could not;` +
    ` ${byStatus.refused} refused with a clear error; ${byStatus.differs} differ`;
}

/**
 * Every finding that is not plainly equal, with its reason; one line each, those of a kind in one file together.
 *
 * @param reports One per file.
 * @param wanted Which to list.
 */
export function reasonLines(reports: readonly FileReport[], wanted: (finding: Finding) => boolean): string[] {
  const lines: string[] = [];
  for (const { file, findings } of reports) {
    const groups = new Map<string, Finding[]>();
    for (const finding of findings.filter(wanted)) {
      const key = `${finding.status} ${finding.reason.replaceAll(finding.path, "…").slice(0, 200)}`;
      groups.set(key, [...groups.get(key) ?? [], finding]);
    }
    for (const group of groups.values()) {
      const [first] = group;
      const others = group.length > 1 ? ` and ${group.length - 1} more` : "";
      lines.push(`${file} ${first!.path}${others}: ${first!.status}: ${first!.reason}`);
    }
  }
  return lines;
}
