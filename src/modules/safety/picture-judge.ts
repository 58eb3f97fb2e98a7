import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '#platform/config.ts';

export type PictureJudge = NonNullable<Config['pictureJudge']>;

/** What the service may answer; docs/picture-judge.md is the contract. */
const Answer = Type.Object({
  labels: Type.Array(
    Type.Object({
      label: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$' }),
      score: Type.Number({ minimum: 0, maximum: 1 }),
    }),
    { maxItems: 50 },
  ),
});
export type Label = Static<typeof Answer>['labels'][number];

const ANSWER_BYTES_MAX = 64 * 1024;
const TIMEOUT_MS = 10_000;
/** By these it says that it can't judge this picture; whatever else it says may be otherwise later. */
const CANNOT_JUDGE = [400, 413, 415, 422];

/** Asks about one picture, once. `away`: there was no answer that could be read. */
export async function askJudge(
  { url, secret }: Pick<PictureJudge, 'url' | 'secret'>,
  picture: { bytes: Uint8Array; digest: Buffer },
  timeoutMs = TIMEOUT_MS,
): Promise<Label[] | 'refused' | 'away'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'image/webp',
        accept: 'application/json',
        'user-agent': 'stoa-picture-judge',
        'stoa-picture': picture.digest.toString('hex'),
      },
      body: new Uint8Array(picture.bytes),
      redirect: 'manual', // the secret is for this address alone
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await textOf(response);
    if (CANNOT_JUDGE.includes(response.status)) return 'refused';
    if (response.status !== 200 || text === undefined) return 'away';
    return labelsIn(JSON.parse(text)) ?? 'away';
  } catch {
    return 'away'; // no connection, no answer in time, or no JSON: all of them end by themselves or by the operator
  }
}

/** Undefined where it is longer than any answer may be. */
async function textOf(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > ANSWER_BYTES_MAX) return undefined; // leaving the loop lets go of the connection
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The highest first; of one label that is said twice the higher. */
function labelsIn(answer: unknown): Label[] | undefined {
  if (!Value.Check(Answer, answer)) return undefined;
  const best = new Map<string, number>();
  for (const { label, score } of answer.labels) best.set(label, Math.max(score, best.get(label) ?? 0));
  return [...best]
    .map(([label, score]) => ({ label, score }))
    .sort((a, b) => b.score - a.score || (a.label < b.label ? -1 : 1));
}

/** Those of the labels that reach their limit; `*` is the limit of those that have none of their own. */
export const reaching = (labels: readonly Label[], limits: Readonly<Record<string, number>>): Label[] =>
  labels.filter(({ label, score }) => score >= (limits[label] ?? limits['*'] ?? Infinity));
