/**
 * From the C side's error codes to the classes of the error tree.
 *
 * @module
 */
import {
  CorruptFileError,
  DTypeError,
  type ErrorDetails,
  ExternalFileError,
  LimitError,
  LinkDepthError,
  type MicrotomeError,
  NotFoundError,
  NotHdf5Error,
  SelectionError,
  ShapeError,
  TruncatedError,
  UnsupportedError,
  UnsupportedFilterError,
  WriteError,
  WrongKindError,
} from "../../source/errors.ts";
import { ROOT_FOLDER } from "./external.ts";

/** What the C side leaves behind when a call fails. */
export interface FailureInfo {
  readonly code: string;
  readonly message: string;
  readonly filter?: number;
}

/** The action of opening the file itself. */
export const OPEN_FILE = "open the file";

const classes: Readonly<Record<string, new (message: string, details?: ErrorDetails) => MicrotomeError>> = {
  "corrupt": CorruptFileError,
  "truncated": TruncatedError,
  "not-found": NotFoundError,
  "link-depth": LinkDepthError,
  "wrong-kind": WrongKindError,
  "external-file": ExternalFileError,
  "unsupported": UnsupportedError,
  "limit": LimitError,
  "memory": LimitError,
  "selection": SelectionError,
  "exists": WriteError,
  "write": WriteError,
  "dtype": DTypeError,
  "shape": ShapeError,
};

/**
 * Makes the error that a failed call becomes.
 *
 * @param info What the C side said.
 * @param action What was tried, such as `read dataset "/a"`.
 * @param details File, object and cause.
 */
export function failure(info: FailureInfo, action: string, details: ErrorDetails): MicrotomeError {
  const { cause } = details;
  const unwritten = cause instanceof Error && (info.code === "write" || cause instanceof WriteError);
  const reason = unwritten
    ? cause.message.replace(/^Cannot write [^:]*: /, "")
    : reasonOf(info.message, details.object);
  if (info.code === "not-hdf5") {
    return new NotHdf5Error(`Cannot open ${details.file}: it is not an HDF5 file (${reason})`, details);
  }
  const message = `Cannot ${action === OPEN_FILE ? "open" : `${action} of`} ${details.file}: ${reason}`;
  if (info.code === "unsupported-filter") return new UnsupportedFilterError(message, info.filter ?? 0, details);
  return new (unwritten ? WriteError : classes[info.code] ?? CorruptFileError)(message, details);
}

/** The C side's messages are whole sentences; where one names the object that ours names already, its reason is enough. */
function reasonOf(said: string, object: string | undefined): string {
  const message = said.replaceAll(`"${ROOT_FOLDER}`, '"');
  const sentence = /^Cannot [^"]*"([^"]*)"(?: in "[^"]*")?: (.+)$/s.exec(message);
  if (sentence !== null && object !== undefined && `/${object}`.endsWith(`/${sentence[1]!.replace(/^\//, "")}`)) {
    return sentence[2]!;
  }
  return message.replace(/^cannot open the file: /i, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
