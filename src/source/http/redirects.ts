/**
 * Following redirects by hand, so that it is known where they lead and what is sent there.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { discard } from "./body.ts";

/** Where requests of one chain of redirects go, and what they carry. */
export interface Hop {
  /** The whole address. */
  readonly url: string;
  /** Whether all of the chain has been on the origin that the user named: only there may the user's headers go. */
  readonly home: boolean;
}

/** An answer that is no redirect, and who gave it. */
export interface Followed extends Hop {
  /** The answer. */
  readonly response: Response;
}

/** What browsers follow at most; nobody needs as many. */
const MAX_HOPS = 20;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request and follows where it is redirected to.
 *
 * @param start Where it goes first
 * @param home The origin that the user named
 * @param send Sends to one address, following nothing
 * @param name What messages call the file
 * @returns The first answer that leads no further
 * @throws {ProtocolError} If the redirects lead in a circle, on and on, or to no address of http or https
 */
export async function followRedirects(
  start: Hop,
  home: string,
  send: (hop: Hop) => Promise<Response>,
  name: string,
): Promise<Followed> {
  const seen = new Set<string>();
  let hop = start;
  for (;;) {
    seen.add(hop.url);
    const response = await send(hop);
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null) return { ...arrival(hop, response, home), response };
    discard(response);
    const fail = (why: string) => new ProtocolError(`Cannot read ${name}: ${why}`, { file: name });
    if (!URL.canParse(location, hop.url)) throw fail("the server redirects to what is no address");
    const next = new URL(location, hop.url);
    next.hash = "";
    // What stands in the query, or before the host, may be secret.
    const shown = next.origin + next.pathname;
    if (next.protocol !== "http:" && next.protocol !== "https:") {
      throw fail(`the server redirects to the address of another kind ${JSON.stringify(next.protocol)}`);
    }
    if (seen.has(next.href)) throw fail(`the server redirects in a circle, back to ${shown}`);
    if (seen.size > MAX_HOPS) throw fail(`the server redirects more than ${MAX_HOPS} times, last to ${shown}`);
    hop = { url: next.href, home: hop.home && next.origin === home };
  }
}

/** Whoever sent may have followed redirects all the same: a browser, or a function in the place of `fetch`. */
function arrival(hop: Hop, { url }: Response, home: string): Hop {
  // Answers that were made by hand carry no address.
  if (!/^https?:/.test(url)) return hop;
  return { url, home: hop.home && new URL(url).origin === home };
}
