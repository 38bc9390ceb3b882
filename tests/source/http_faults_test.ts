/** What servers and networks do, legal and not: each with what comes of it and how many requests it takes. */

import assert from "node:assert/strict";
import { createServer } from "node:https";
import { type HttpOptions, openHttp } from "../../src/source/http/http_source.ts";
import type { Attempt } from "../../src/source/types.ts";
import { type Behaviour, startRangeServer } from "../support/range_server.ts";
import { errorOf, pattern, range, watchTimers } from "./support.ts";

const SIZE = 300_000;
const BYTES = pattern(SIZE);
const HEAD = 1000;
/** What is read in the tests: 100 bytes. */
const OFFSET = 5000;
const LENGTH = 100;
/** A time limit that no machine is too slow for: it goes off when the server has been asked, see {@linkcode watchTimers}. */
const FAR = 567_890;

/** What comes of a fault. */
interface Outcome {
  /** Code of the error; without it, the right bytes come. */
  readonly code?: string;
  /** What the message says. */
  readonly message?: RegExp;
  /** Requests that the servers are sent. */
  readonly requests: number;
  /** Tries beyond the first of one request; none, if absent. */
  readonly retries?: number;
}

interface Row {
  readonly name: string;
  /** What `/a.bin` does. */
  readonly does: Behaviour | readonly Behaviour[];
  readonly options?: HttpOptions;
  /** What comes of opening while it does so, and reading 100 bytes after it. */
  readonly opening?: Outcome;
  /** What comes of reading 100 bytes while it does so, after a good opening. */
  readonly reading?: Outcome;
}

const FOUR_TRIES = { requests: 4, retries: 3 };
const passing = (status: number): Row => ({
  name: `${status} twice`,
  does: { kind: "status", status, times: 2 },
  opening: { requests: 4, retries: 2 },
  reading: { requests: 3, retries: 2 },
});
const staying = (status: number): Row => ({
  name: `${status} always`,
  does: { kind: "status", status },
  opening: { code: "http-status", message: new RegExp(`answered ${status}.* \\(after 4 tries\\)$`), ...FOUR_TRIES },
  reading: { code: "http-status", message: /\(after 4 tries\)$/, ...FOUR_TRIES },
});
const final = (status: number): Row => ({
  name: `${status}`,
  does: { kind: "status", status },
  opening: { code: "http-status", message: new RegExp(`answered ${status}`), requests: 1 },
  reading: { code: "http-status", requests: 1 },
});
const lie = (kind: string, message: RegExp): Row => ({
  name: kind,
  does: { kind },
  opening: { code: "protocol", message, requests: 1 },
  reading: { code: "protocol", message, requests: 1 },
});

const ROWS: readonly Row[] = [
  // Legal, and read.
  {
    name: "a 200 that is a part by its Content-Range",
    does: { kind: "say-200" },
    opening: { requests: 2 },
    reading: { requests: 1 },
  },
  {
    name: "a 200 that is the whole file, with a Content-Range",
    does: { kind: "whole-with-range" },
    opening: { requests: 1 },
    reading: { code: "range-unsupported", requests: 1 },
  },
  {
    name: "a 200 that is a part of unknown whole",
    does: [{ kind: "say-200" }, { kind: "no-total" }],
    opening: { requests: 3 },
    reading: { requests: 1 },
  },
  { name: "bytes 0-9/*", does: { kind: "no-total" }, opening: { requests: 3 }, reading: { requests: 1 } },
  {
    name: "bytes 0-9/* and no last bytes: read to the end",
    does: [{ kind: "no-total" }, { kind: "no-suffix" }],
    // The start, the last byte refused, the rest, and that there is no more.
    opening: { requests: 4 },
  },
  {
    name: "bytes 0-9/*, no last bytes, a tenth of the file at a time",
    does: [{ kind: "no-total" }, { kind: "no-suffix" }, { kind: "cap", limit: SIZE / 10 }],
    opening: { requests: 1 + 1 + 10 + 1 },
  },
  {
    name: "bytes 0-9/*, no last bytes, more than is taken whole",
    does: [{ kind: "no-total" }, { kind: "no-suffix" }, { kind: "cap", limit: 10_000 }],
    options: { wholeFileBytes: 50_000 },
    opening: {
      code: "protocol",
      message: /doesn't say how large the file is, and no end came within 51000 bytes$/,
      requests: 2 + 5,
    },
  },
  {
    name: "half of what was asked for",
    does: { kind: "cap", limit: 50 },
    opening: { requests: 3 },
    reading: { requests: 2 },
  },
  {
    name: "one byte less than was asked for",
    does: { kind: "cap", limit: 99 },
    opening: { requests: 3 },
    reading: { requests: 2 },
  },
  { name: "a byte at a time", does: { kind: "cap", limit: 1 }, opening: { requests: 101 }, reading: { requests: 100 } },
  {
    name: "fewer bytes, and then a 503",
    does: [{ kind: "cap", limit: 60 }, { kind: "status", status: 503, after: 1, times: 1 }],
    reading: { requests: 3, retries: 1 },
  },
  {
    name: "fewer bytes, and then another version",
    does: [{ kind: "cap", limit: 60 }, { kind: "change", after: 1 }],
    reading: { code: "file-changed", requests: 2 },
  },
  {
    name: "fewer bytes, and then no more",
    does: [{ kind: "cap", limit: 60 }, { kind: "status", status: 416, after: 1 }],
    reading: { code: "truncated", requests: 2 },
  },
  {
    name: "fewer bytes, and then the same again",
    does: [{ kind: "cap", limit: 60 }, { kind: "wrong-range", after: 1 }],
    reading: { code: "protocol", message: /of another range/, requests: 2 },
  },
  {
    name: "a whole file of unknown length",
    does: { kind: "lie-length" },
    opening: { requests: 1 },
    reading: { code: "range-unsupported", requests: 1 },
  },
  {
    name: "no ranges",
    does: { kind: "ignore-range" },
    opening: { requests: 1 },
    reading: { code: "range-unsupported", requests: 1 },
  },
  {
    name: "no ranges, and too large",
    does: { kind: "ignore-range" },
    options: { wholeFileBytes: 1000 },
    opening: { code: "range-unsupported", requests: 1 },
  },
  {
    name: "a page in place of the file",
    does: { kind: "html", after: 1 },
    opening: { code: "range-unsupported", requests: 2 },
  },
  // Statuses.
  ...[400, 401, 403, 404, 410, 451, 204, 304].map(final),
  ...[408, 429, 500, 502, 503, 504].flatMap((status) => [passing(status), staying(status)]),
  // Connections.
  { name: "cut in the body, once", does: { kind: "reset", times: 1 }, reading: { requests: 2, retries: 1 } },
  { name: "cut in the body, always", does: { kind: "reset" }, reading: { code: "network", ...FOUR_TRIES } },
  {
    name: "silence",
    does: { kind: "hang" },
    options: { timeout: FAR, attempts: 2 },
    opening: { code: "network", message: /no answer within 567890 ms \(after 2 tries\)$/, requests: 2, retries: 1 },
  },
  {
    name: "silence in the body",
    does: { kind: "stall" },
    options: { timeout: FAR, attempts: 2 },
    opening: { code: "network", requests: 2, retries: 1 },
  },
  {
    name: "a drop at a time",
    does: { kind: "drip" },
    options: { timeout: FAR, attempts: 2 },
    opening: { code: "network", requests: 2, retries: 1 },
  },
  {
    name: "silence, with a deadline before the time of one try",
    does: { kind: "hang" },
    options: { deadline: FAR },
    opening: { code: "network", message: /longer than the deadline of 567890 ms$/, requests: 1 },
  },
  {
    name: "a 503 that asks to wait for longer than the deadline",
    does: { kind: "status", status: 503, retryAfter: "20" },
    options: { deadline: FAR },
    opening: { code: "network", message: /deadline/, requests: 1 },
  },
  {
    name: "a drop at a time, with a deadline",
    does: { kind: "drip" },
    options: { deadline: FAR },
    opening: { code: "network", message: /deadline/, requests: 1 },
  },
  // Lies.
  lie("long", /longer than the \d+ bytes that it declares$/),
  lie("wrong-range", /the answer is of another range, bytes \d+-\d+\/300000$/),
  lie("no-content-range", /206 has no Content-Range/),
  lie("gzip", /encoded as gzip/),
  lie("multipart", /the answer has several parts \(multipart\/byteranges\), though one range was asked for$/),
  {
    name: "a short body, once",
    does: { kind: "short", times: 1 },
    opening: { requests: 3, retries: 1 },
    reading: { requests: 2, retries: 1 },
  },
  {
    name: "a short body, always",
    does: { kind: "short" },
    opening: { code: "protocol", message: /500 bytes, expected 1000 \(after 4 tries\)$/, ...FOUR_TRIES },
    reading: { code: "protocol", ...FOUR_TRIES },
  },
  { name: "another version", does: { kind: "change" }, reading: { code: "file-changed", requests: 1 } },
  {
    name: "another size with the same ETag",
    does: { kind: "change-quietly" },
    reading: { code: "file-changed", requests: 1 },
  },
  {
    name: "another ETag each time, and no If-Match",
    does: [{ kind: "flip-etag" }, { kind: "no-if-match" }],
    opening: { code: "file-changed", requests: 2 },
  },
  {
    name: "another ETag each time",
    does: { kind: "flip-etag" },
    opening: { code: "file-changed", message: /the server says so$/, requests: 2 },
  },
  // Redirects.
  {
    name: "a redirect to itself",
    does: { kind: "redirect", to: "/a.bin" },
    opening: { code: "protocol", message: /redirects in a circle, back to http:\S+\/a\.bin$/, requests: 1 },
    reading: { code: "protocol", requests: 1 },
  },
  {
    name: "a redirect to itself by 308",
    does: { kind: "redirect", to: "/a.bin", status: 308 },
    opening: { code: "protocol", message: /circle/, requests: 1 },
  },
  {
    name: "a circle of two",
    does: { kind: "redirect", to: "/b.bin?behave=redirect&to=/a.bin" },
    opening: { code: "protocol", message: /circle/, requests: 2 },
  },
  {
    name: "redirects without end",
    does: { kind: "redirect", to: "/a.bin?to={count}" },
    opening: { code: "protocol", message: /more than 20 times/, requests: 21 },
  },
  {
    name: "a redirect to no address",
    does: { kind: "redirect", to: "http://" },
    opening: { code: "protocol", message: /no address$/, requests: 1 },
  },
  {
    name: "a redirect to a file",
    does: { kind: "redirect", to: "file:///etc/passwd" },
    opening: { code: "protocol", message: /another kind "file:"$/, requests: 1 },
  },
  {
    name: "a redirect that leads on",
    does: { kind: "redirect", to: "/b.bin" },
    opening: { requests: 3 },
    reading: { requests: 2 },
  },
];

for (const row of ROWS) {
  for (const phase of ["opening", "reading"] as const) {
    const expected = row[phase];
    if (expected === undefined) continue;
    const result = expected.code ?? "the right bytes";
    const retries = expected.retries === undefined ? "" : `, ${expected.retries} of them again`;
    Deno.test(`${phase}, ${row.name}: ${result} by ${expected.requests} requests${retries}`, async () => {
      const server = await startRangeServer({ "/a.bin": BYTES, "/b.bin": { bytes: BYTES } });
      let after = () => {};
      try {
        const attempts: Attempt[] = [];
        const onAttempt = (attempt: Attempt) => void attempts.push(attempt);
        const options: HttpOptions = { backoff: 1, headBytes: HEAD, ...row.options, onAttempt };
        const url = `${server.url}/a.bin`;
        const read = async () => (await openHttp(url, options)).read(range(OFFSET, LENGTH), { onAttempt });
        let run = read;
        if (phase === "reading") {
          const source = await openHttp(url, options);
          run = () => source.read(range(OFFSET, LENGTH), { onAttempt });
          server.clear();
          attempts.length = 0;
        }
        server.behave("/a.bin", row.does as Behaviour);
        const timers = watchTimers(FAR, server);
        after = timers.end;
        if (expected.code === undefined) {
          assert.deepEqual(await run(), BYTES.subarray(OFFSET, OFFSET + LENGTH));
        } else {
          const error = await errorOf(run()) as Error & { code: string; file: string };
          assert.equal(error.code, expected.code, error.message);
          assert.equal(error.file, url);
          if (expected.message !== undefined) assert.match(error.message, expected.message);
        }
        assert.equal(server.log.length, expected.requests, server.log.map(({ range }) => range).join());
        // A piece that is asked for after another one is no retry.
        const asked = new Set(attempts.map(({ offset, length }) => `${offset}+${length}`));
        assert.equal(attempts.length - asked.size, expected.retries ?? 0);
      } finally {
        after();
        await server.close();
      }
    });
  }
}

/** Failures of the network itself: where from, what is said, how often it is tried again. */
const UNREACHABLE: readonly [name: string, url: () => Promise<string>, message: RegExp, retries: number][] = [
  ["a name that nobody has", at("http://nobody.invalid"), /no server of that name is found \(.+\)/, 3],
  ["a name that nobody has, encrypted", at("https://nobody.invalid"), /no server of that name is found \(.+\)/, 3],
  ["a name below it", at("http://a.b.nobody.invalid"), /no server of that name is found \(.+\)/, 3],
  ["a port where nobody listens", freePort("http"), /the connection was refused \(.+\)/, 3],
  ["a port where nobody listens, encrypted", freePort("https"), /the connection was refused \(.+\)/, 3],
];
for (const [name, urlOf, message, retries] of UNREACHABLE) {
  Deno.test(`${name}: a NetworkError that says so, after ${retries} more tries; a query's secret isn't told`, async () => {
    const attempts: Attempt[] = [];
    const onAttempt = (attempt: Attempt) => void attempts.push(attempt);
    const error = await errorOf(openHttp(`${await urlOf()}/a.bin?key=secret`, { backoff: 1, onAttempt }));
    assert.equal(error.code, "network");
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /secret/);
    assert.ok(error.cause instanceof Error);
    assert.equal(attempts.length, retries + 1);
  });
}

function at(origin: string): () => Promise<string> {
  return () => Promise.resolve(origin);
}

/** An address where nobody listens any more. */
function freePort(scheme: string): () => Promise<string> {
  return async () => {
    const server = await startRangeServer({});
    await server.close();
    return server.url.replace("http", scheme);
  };
}

const openssl = await new Deno.Command("openssl", { args: ["version"] }).output().then(() => true, () => false);
for (const subject of ["localhost", "elsewhere.example"]) {
  Deno.test({
    name: `a certificate of ${subject} that nobody vouches for: a NetworkError that says so, at once` +
      (openssl ? "" : " (skipped: no openssl)"),
    ignore: !openssl,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
      const made = await new Deno.Command("openssl", {
        args: ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
          .concat([
            "-keyout",
            key,
            "-out",
            cert,
            "-subj",
            `/CN=${subject}`,
            "-addext",
            `subjectAltName=DNS:${subject}`,
          ]),
      }).output();
      assert.ok(made.success, new TextDecoder().decode(made.stderr));
      const options = { key: await Deno.readTextFile(key), cert: await Deno.readTextFile(cert) };
      const server = createServer(options, (_, response) => void response.end("secret"));
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
      try {
        const attempts: Attempt[] = [];
        const onAttempt = (attempt: Attempt) => void attempts.push(attempt);
        const { port } = server.address() as { port: number };
        const error = await errorOf(openHttp(`https://localhost:${port}/a.bin`, { onAttempt }));
        assert.equal(error.code, "network");
        assert.match(error.message, /: the server's certificate isn't accepted \(.+\)$/);
        assert.equal(attempts.length, 1);
      } finally {
        server.closeAllConnections();
        await new Promise<void>((done) => server.close(() => done()));
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
