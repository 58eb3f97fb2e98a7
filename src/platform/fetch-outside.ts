import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { ADDRESS_REFUSED, guardedLookup, isInside, type Resolve } from './outside.ts';

/** Why something outside was not fetched. */
export type OutsideRefusal =
  | 'malformed'
  | 'inside'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'status'
  | 'type';

export class OutsideRefused extends Error {
  readonly reason: OutsideRefusal;
  constructor(reason: OutsideRefusal) {
    super(reason);
    this.name = 'OutsideRefused';
    this.reason = reason;
  }
}

export interface Fetching {
  url: URL;
  accept: string;
  userAgent: string;
  bytesMax: number;
  timeoutMs: number;
  isInsecure: boolean;
  resolve: Resolve;
}

export interface Fetched {
  status: number;
  /** Of a redirect: where it leads, unchecked. */
  location: string | null;
  /** As it was said: "text/html; charset=utf-8". */
  contentType: string;
  bytes: Buffer;
}

/**
 * Asks once for what stands outside: nothing inside the network is called, whatever a name resolves to; no redirect is
 * followed, and no more is read than was asked for. The time is that of the whole answer.
 */
export async function fetchOutside(asked: Fetching): Promise<Fetched> {
  const { url, accept, userAgent, bytesMax, timeoutMs, isInsecure, resolve } = asked;
  refuseAddress(url, isInsecure);
  const { promise, resolve: done, reject } = Promise.withResolvers<Fetched>();
  const signal = AbortSignal.timeout(timeoutMs);
  const options = {
    headers: { accept, 'user-agent': userAgent, 'accept-encoding': 'identity' },
    lookup: guardedLookup({ isInsecure }, resolve),
    agent: false as const, // a connection of its own: one that is kept was checked for another name
    signal,
  };
  const failed = (error: Error) => reject(new OutsideRefused(reasonOf(error, signal)));
  const request = (url.protocol === 'https:' ? https : http).get(url, options, (response) => {
    const status = response.statusCode ?? 0;
    const location = status >= 300 && status < 400 ? (response.headers.location ?? null) : null;
    const contentType = response.headers['content-type'] ?? '';
    const parts: Buffer[] = [];
    let size = 0;
    const finish = () => done({ status, location, contentType, bytes: Buffer.concat(parts) });
    if (location !== null) {
      finish();
      request.destroy();
      return;
    }
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= bytesMax) parts.push(part);
      else request.destroy(new OutsideRefused('too_large'));
    });
    response.on('end', finish);
    response.on('error', failed);
  });
  request.on('error', failed);
  return promise;
}

/** An address is not looked up, so the lookup does not guard it; and other ports are other services. */
function refuseAddress(url: URL, isInsecure: boolean): void {
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username || url.password) throw new OutsideRefused('malformed');
  if (isInsecure) return;
  if (url.port !== '') throw new OutsideRefused('inside');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) > 0 && isInside(host)) throw new OutsideRefused('inside');
}

function reasonOf(error: Error, signal: AbortSignal): OutsideRefusal {
  if (error instanceof OutsideRefused) return error.reason;
  if (signal.aborted) return 'timeout';
  return error.message === ADDRESS_REFUSED ? 'inside' : 'unreachable';
}
