import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { IncomingHttpHeaders } from 'node:http';
import { hasCode } from '#platform/start-fault.ts';
import { collectorErrors } from './errors.ts';

export const BATCH_BYTES_MAX = 500 * 1024;

const unzipped = promisify(gunzip);

/** The text of a body, zipped or not. The limit is on what it is unzipped: a small zip may hold a large one. */
export async function textOf(body: unknown, headers: IncomingHttpHeaders): Promise<string> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!/gzip/i.test(headers['content-encoding'] ?? '')) return bytes.toString('utf8');
  try {
    const plain = await unzipped(bytes, { maxOutputLength: BATCH_BYTES_MAX });
    return plain.toString('utf8');
  } catch (error) {
    if (hasCode(error, 'ERR_BUFFER_TOO_LARGE'))
      throw collectorErrors.too_large({ bytesMax: BATCH_BYTES_MAX });
    throw collectorErrors.zip_broken({});
  }
}

/** Parsed, or undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The write key: the user of basic authorization, or what the body says. */
export function keyOf({ authorization }: IncomingHttpHeaders, body: unknown): string {
  const shown = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const user = shown && Buffer.from(shown, 'base64').toString('utf8').split(':', 1)[0];
  if (user) return user;
  const told =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['writeKey'] : undefined;
  return typeof told === 'string' ? told : '';
}
