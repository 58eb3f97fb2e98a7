import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from './config.ts';

/** Whom a mail went to. */
export interface Mailed {
  kind: 'customer' | 'member';
  id: string;
}

type Secret = Pick<Config, 'secret'>;

const KINDS: Record<string, Mailed['kind']> = { c: 'customer', m: 'member' };
const TOKEN = /^([cm])([\w-]{22})([\w-]{16})$/;

/**
 * The link, with a token of whom the mail went to behind its `#`: that part is sent to no server, so that it is in no log
 * and no referrer. It says who may be reading and opens nothing; only a page whose visitor agreed to be counted tells it.
 */
export function mailedLink(config: Secret, link: string, whom: Mailed): string {
  return `${link}#via=${tokenOf(config, whom)}`;
}

/** Whom the mail went to that the token was in; undefined for a token that we did not make. */
export function mailedTo(config: Secret, token: string): Mailed | undefined {
  const [, sign = '', packed = ''] = TOKEN.exec(token) ?? [];
  const kind = KINDS[sign];
  if (!kind) return undefined;
  const hex = Buffer.from(packed, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const right = Buffer.from(tokenOf(config, { kind, id }));
  const given = Buffer.from(token);
  return given.length === right.length && timingSafeEqual(given, right) ? { kind, id } : undefined;
}

function tokenOf({ secret }: Secret, { kind, id }: Mailed): string {
  const packed = Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
  const proof = createHmac('sha256', secret).update(`mailed_link:${kind}:${id}`).digest();
  return `${kind.slice(0, 1)}${packed}${proof.subarray(0, 12).toString('base64url')}`;
}
