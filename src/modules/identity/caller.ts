import type { IncomingHttpHeaders } from 'node:http';
import { ADDRESS_HEADER } from './settings.ts';

/** Who sends a request, as far as signing in needs it. A Fastify request is one. */
export interface Caller {
  headers: IncomingHttpHeaders;
  /** The network address, behind our own proxies only. */
  ip: string;
}

/** The caller's headers as the web platform has them, with the address that we found in place of any claimed one. */
export function headersOf({ headers, ip }: Caller): Headers {
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((each) => [name, each]),
  );
  const all = new Headers(given);
  all.set(ADDRESS_HEADER, ip);
  return all;
}
