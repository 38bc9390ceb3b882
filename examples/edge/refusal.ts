/**
 * From errors to answers.
 *
 * @module
 */
import { HttpStatusError, MicrotomeError, SourceError } from "../../mod.ts";

/**
 * A request that this Worker won't serve. The library passes errors of this tree on, doesn't try again, and takes one of a
 * source for no fault of the object that it was reading.
 */
export class Refusal extends SourceError {
  /** Says what was refused. */
  override readonly code: string;
  /** The answer's status. */
  readonly status: number;
  /** After how many seconds it is worth asking again, where it is. */
  readonly retryAfter: number | undefined;

  /** Makes the refusal. */
  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
    this.status = status;
    this.code = code;
  }
}

/** Status of each of the library's codes. The client's faults are 4xx, the file's 415 and 422, the server's 502. */
const STATUS: Readonly<Record<string, number>> = {
  "selection": 400,
  "wrong-kind": 400,
  "not-found": 404,
  "limit": 413,
  "unsupported-filter": 415,
  "unsupported": 415,
  "dtype": 415,
  "not-hdf5": 422,
  "unknown-format": 422,
  "corrupt": 422,
  "shape": 422,
  "format": 422,
  "truncated": 422,
  "external-file": 422,
  "link-depth": 422,
  "network": 502,
  "http-status": 502,
  "protocol": 502,
  "range-unsupported": 502,
  "file-changed": 502,
  "source": 502,
};

/**
 * Makes an answer of an error.
 *
 * @param error What was thrown
 * @returns JSON `{error: {code, message, file?, object?, upstreamStatus?}}` with the status that fits
 */
export function answerError(error: unknown): Response {
  if (!(error instanceof MicrotomeError)) {
    // What isn't of the library's tree is a fault in here; its text is nobody's business.
    return answer(500, { code: "internal", message: "The Worker failed" });
  }
  const { code, message, file, object } = error;
  const upstreamStatus = error instanceof HttpStatusError ? error.status : undefined;
  const absent = upstreamStatus === 404 || upstreamStatus === 410;
  const status = error instanceof Refusal ? error.status : absent ? 404 : STATUS[code] ?? 500;
  const refused = answer(status, { code, message, file, object, upstreamStatus });
  if (error instanceof Refusal && error.retryAfter !== undefined) {
    refused.headers.set("retry-after", String(error.retryAfter));
  }
  return refused;
}

function answer(status: number, error: Record<string, unknown>): Response {
  return Response.json({ error }, { status });
}
