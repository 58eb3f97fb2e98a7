import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { guardedLookup, isInside, type Resolve } from '#platform/outside.ts';

const KEPT_BYTES = 2_048;

export interface Answer {
  status: number | null;
  /** Why there was no answer. */
  error: string | null;
  /** Its beginning. */
  text: string;
}

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: string;
  isInsecure: boolean;
  resolve: Resolve;
  timeoutMs: number;
}

/** Posts once: no redirect is followed, no answer is read to its end, and nothing inside the network is called. */
export async function post({ url, headers, body, isInsecure, resolve, timeoutMs }: Posting): Promise<Answer> {
  const { promise, resolve: answer } = Promise.withResolvers<Answer>();
  const failed = (error: Error) =>
    answer({ status: null, error: error.name === 'TimeoutError' ? 'timeout' : error.message, text: '' });
  const to = new URL(url);
  const host = to.hostname.replace(/^\[(.*)\]$/, '$1');
  // An address is not looked up, so the lookup does not guard it.
  if (!isInsecure && (to.protocol !== 'https:' || (isIP(host) > 0 && isInside(host))))
    return { status: null, error: 'address refused', text: '' };
  const signal = AbortSignal.timeout(timeoutMs);
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup: guardedLookup({ isInsecure }, resolve),
    agent: false as const, // a connection of its own: one that is kept was checked for another name
    signal,
  };
  const request = (to.protocol === 'https:' ? https : http).request(to, options, (response) => {
    let text = '';
    const done = () => {
      answer({ status: response.statusCode ?? 0, error: null, text: text.slice(0, KEPT_BYTES) });
      request.destroy();
    };
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      text += part;
      if (text.length >= KEPT_BYTES) done();
    });
    response.on('end', done);
    response.on('error', failed);
  });
  request.on('error', (error) => failed(signal.aborted ? (signal.reason as Error) : error));
  request.end(body);
  return promise;
}
