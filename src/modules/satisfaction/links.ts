import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '#platform/config.ts';
import type { DB } from './tables.ts';

export type Way = DB['satisfaction.answer']['way'];

const WAYS = { m: 'mail', o: 'order_page', r: 'receipt' } as const satisfies Record<string, Way>;
const LETTER = { mail: 'm', order_page: 'o', receipt: 'r' } as const satisfies Record<Way, keyof typeof WAYS>;
const TOKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([mor])\.([\w-]{43})$/;
export const TOKEN_LENGTH = 36 + 1 + 1 + 1 + 43;

const signed = ({ secret }: Pick<Config, 'secret'>, questionId: string, way: Way) =>
  createHmac('sha256', secret).update(`answer_to_question:${questionId}:${way}`).digest();

/** What a link proves: that its holder was asked this question, and by which way. */
export const answerToken = (config: Pick<Config, 'secret'>, questionId: string, way: Way): string =>
  `${questionId}.${LETTER[way]}.${signed(config, questionId, way).toString('base64url')}`;

/** Undefined of a token that nobody gave out. */
export function questionOfToken(
  config: Pick<Config, 'secret'>,
  token: string,
): { questionId: string; way: Way } | undefined {
  const [, questionId = '', letter = '', signature = ''] = TOKEN.exec(token) ?? [];
  const way = WAYS[letter as keyof typeof WAYS];
  if (!way) return undefined;
  const [given, right] = [Buffer.from(signature, 'base64url'), signed(config, questionId, way)];
  return given.length === right.length && timingSafeEqual(given, right) ? { questionId, way } : undefined;
}
