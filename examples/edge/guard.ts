/**
 * What keeps the Worker from being an open proxy: which addresses it may ask, and for how many bytes.
 *
 * @module
 */
import type { Settings } from "./settings.ts";
import { Refusal } from "./refusal.ts";

/** Redirects that are followed for one request. */
const MAX_REDIRECTS = 5;

/** A `fetch` with bounds. */
export interface Guard {
  /** To be given to `open()`. */
  fetch(url: string, init: { readonly headers: Headers; readonly signal: AbortSignal }): Promise<Response>;
}

/**
 * Checks an address that a client named.
 *
 * @param text The address, or `null` where it was left out
 * @param settings Which hosts are allowed
 * @returns The address
 * @throws {Refusal} 400 if it isn't one of http or https, 403 if its host isn't allowed
 */
export function checkAddress(text: string | null, settings: Settings): URL {
  if (text === null || text === "") throw new Refusal(400, "bad-request", "The parameter url is missing");
  if (!URL.canParse(text)) throw new Refusal(400, "bad-request", `Cannot read ${JSON.stringify(text)}: not a URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Refusal(400, "bad-request", `Cannot read ${url.protocol} addresses: expected http or https`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Refusal(400, "bad-request", "Cannot read an address with a user or password in it");
  }
  if (!settings.allowedHosts.has(url.host)) {
    throw new Refusal(403, "host", `Cannot read from ${url.host}: only hosts in ALLOWED_HOSTS are read`);
  }
  return url;
}

/**
 * Makes a `fetch` for one request: each hop of a redirect is checked like the first address, and bytes are counted
 * against the budget: before they are asked for where the request says how many, before they come where the answer does.
 *
 * @param settings The bounds
 * @returns The guard
 */
export function makeGuard(settings: Settings): Guard {
  let spent = 0;
  const spend = (bytes: number) => {
    if (spent + bytes > settings.maxSourceBytes) {
      throw new Refusal(
        413,
        "budget",
        `Cannot read more than ${settings.maxSourceBytes} bytes of a file in one request: select less`,
      );
    }
    spent += bytes;
  };
  return {
    async fetch(url, init) {
      // Not kept: what comes back is counted. It only saves asking for what can't be had.
      const wanted = rangeLength(init.headers);
      if (wanted !== undefined && spent + wanted > settings.maxSourceBytes) spend(wanted);
      const response = await follow(url, init, settings);
      if (response.body === null) return response;
      const declared = declaredLength(response.headers);
      // What is counted as it comes is copied; what fits anyhow needn't be.
      if (declared === undefined || spent + declared > settings.maxSourceBytes) return counted(response, spend);
      spend(declared);
      return response;
    },
  };
}

async function follow(
  url: string,
  init: { readonly headers: Headers; readonly signal: AbortSignal },
  settings: Settings,
): Promise<Response> {
  let address = checkAddress(url, settings);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(address, { headers: init.headers, signal: init.signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, address)) throw new Refusal(502, "redirect", "The server redirects to no address");
    address = checkAddress(new URL(location, address).href, settings);
  }
  throw new Refusal(502, "redirect", `The server redirects more than ${MAX_REDIRECTS} times`);
}

/** Length of the one range that is asked for. */
function rangeLength(headers: Headers): number | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(headers.get("range") ?? "");
  return match === null ? undefined : Number(match[2]) - Number(match[1]) + 1;
}

/** How long an answer is, where it says so: the connection gives no more than that. Packed ones are longer once unpacked. */
function declaredLength(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length !== null && /^\d+$/.test(length) && headers.get("content-encoding") === null
    ? Number(length)
    : undefined;
}

/** The same answer, its bytes counted as they come: what a server sends may be more than what was asked for. */
function counted(response: Response, spend: (bytes: number) => void): Response {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      spend(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  const copy = new Response(response.body!.pipeThrough(counter), response);
  // Where a redirect led is kept, so that later requests go straight there.
  Object.defineProperty(copy, "url", { value: response.url });
  return copy;
}
