/**
 * Why a server couldn't be reached, in words: runtimes tell it each in its own place, or not at all.
 *
 * @module
 */

import { detectRuntime } from "../limits.ts";

/** A failure of the network. */
export interface NetworkReason {
  /** For messages: what it is in plain words, and what the runtime says. */
  readonly text: string;
  /** Whether the same request may do better a moment later. */
  readonly passing: boolean;
}

/** What runtimes call the usual reasons, by code (Node, Bun) or in their text (Deno, workerd, Safari, Firefox). */
const KINDS: readonly (readonly [words: string, pattern: RegExp, passing: boolean])[] = [
  [
    "the server's certificate isn't accepted",
    /certificate|\bCERT_|_CERT_|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS_CERT|UnknownIssuer/i,
    false,
  ],
  [
    "no server of that name is found",
    /ENOTFOUND|EAI_AGAIN|dns error|failed to lookup|getaddrinfo|DNSException|FailedToOpenSocket|name not resolved|DNS lookup failed/i,
    true,
  ],
  ["the connection was refused", /ECONNREFUSED|connection ?refused/i, true],
  [
    "the connection was cut",
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|connection (was )?(reset|closed|lost)|ConnectionReset/i,
    true,
  ],
  [
    "the server can't be reached",
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|unreachable|timed out/i,
    true,
  ],
  [
    "the connection can't be encrypted",
    /ERR_SSL|SSL routines|EPROTO|tls handshake|wrong version number|InvalidContentType/i,
    true,
  ],
];

/** Causes of causes are looked at so far. */
const MAX_DEPTH = 8;

/**
 * Finds the reason of a failed `fetch`.
 *
 * @param error What it threw
 * @param hide Address that messages must not contain (its query may be secret), and what to put in its place
 * @returns The reason
 */
export function networkReason(
  error: unknown,
  hide: readonly (readonly [secret: string, shown: string])[],
): NetworkReason {
  const said: string[] = [];
  const codes: string[] = [];
  collect(error, said, codes, 0);
  const clean = (text: string) => hide.reduce((all, [secret, shown]) => all.replaceAll(secret, shown), text);
  // Deno's outer message is the start of the inner one; Node's `fetch failed` says nothing that isn't known.
  const texts = said.map(clean).filter((text, index, all) =>
    text !== "" && text !== "fetch failed" && all.findIndex((other) => other.includes(text)) === index
  );
  const missing = codes.filter((code) => !texts.some((text) => text.includes(code)));
  const detail = [...texts, ...missing].join(": ") || clean(said[0] ?? String(error));
  const kind = KINDS.find(([, pattern]) => pattern.test(`${said.join("\n")}\n${codes.join("\n")}`));
  if (kind !== undefined) return { text: `${kind[0]} (${detail})`, passing: kind[2] };
  if (detectRuntime() === "browser" && error instanceof TypeError) {
    return {
      text: `the browser doesn't say why (${detail}): the server can't be reached, or it doesn't allow this page to ` +
        `read it (CORS: Access-Control-Allow-Origin is missing)`,
      passing: true,
    };
  }
  return { text: detail, passing: true };
}

function collect(error: unknown, said: string[], codes: string[], depth: number): void {
  if (depth > MAX_DEPTH || error === undefined || error === null) return;
  if (typeof error !== "object") {
    said.push(String(error));
    return;
  }
  const { message, code, cause, errors } = error as {
    readonly message?: unknown;
    readonly code?: unknown;
    readonly cause?: unknown;
    readonly errors?: unknown;
  };
  if (typeof message === "string") said.push(message);
  if (typeof code === "string" && code !== "") codes.push(code);
  // Node tries several addresses of a name, and lists the failure of each.
  if (Array.isArray(errors)) { for (const one of errors) collect(one, said, codes, depth + 1); }
  collect(cause, said, codes, depth + 1);
}
