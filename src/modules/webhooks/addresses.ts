import { isIP } from 'node:net';
import type { Deps } from '#platform/module.ts';
import { isInside, type Resolve } from '#platform/outside.ts';
import { webhooksErrors } from './errors.ts';

type Rules = Pick<Deps['config']['webhooks'], 'isInsecure'>;

/** Refuses what is not to be called, as far as it can be known before the connection. */
export async function checkUrl(text: string, { isInsecure }: Rules, resolve: Resolve): Promise<URL> {
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isWeb || url.username || url.password || url.hash)
    throw webhooksErrors.url_refused({ reason: 'malformed' });
  if (isInsecure) return url;
  if (url.protocol !== 'https:') throw webhooksErrors.url_refused({ reason: 'not_https' });
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) ? [{ address: host }] : await resolve(host).catch(() => []);
  if (found.length === 0) throw webhooksErrors.url_refused({ reason: 'unknown_host' });
  if (found.some(({ address }) => isInside(address))) throw webhooksErrors.url_refused({ reason: 'inside' });
  return url;
}
