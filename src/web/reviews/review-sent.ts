import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { catalogErrors } from '#modules/catalog/index.ts';
import { REVIEW_PHOTOS_MAX, type ReviewWords } from '#modules/reviews/index.ts';
import { addPhoto } from '#modules/social/index.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';

export const FIELD_BYTES_MAX = 20_000;

/** What came with the form of a review. */
export interface Sent {
  id: string;
  name: string;
  /** As typed: shown again beside what is wrong with it. */
  words: Omit<ReviewWords, 'photoIds'>;
  kept: string[];
  files: Buffer[];
}

const CODE = /^[a-z0-9_]{1,40}$/;

export async function reviewIn(request: FastifyRequest): Promise<Sent> {
  const sent: Sent = {
    id: '',
    name: '',
    words: { rating: 0, title: '', body: '', dimensions: {}, traits: {} },
    kept: [],
    files: [],
  };
  if (!request.isMultipart()) throw catalogErrors.media_missing({});
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (bytes.length > 0 && part.fieldname === 'photos') sent.files.push(bytes);
    } else take(sent, part.fieldname, String(part.value));
  }
  return sent;
}

function take(sent: Sent, field: string, value: string): void {
  const { words } = sent;
  const code = field.slice(2);
  if (field === 'id') sent.id = value;
  else if (field === 'name') sent.name = value;
  else if (field === 'rating') words.rating = Number(value) || 0;
  else if (field === 'title') words.title = value;
  else if (field === 'body') words.body = value;
  else if (field === 'keep') sent.kept.push(value);
  else if (value === '' || !CODE.test(code)) return;
  else if (field.startsWith('d-')) words.dimensions[code] = Number(value);
  else if (field.startsWith('t-')) words.traits[code] = value;
}

/** Keeps the photos under ids that the same form sent twice has again. */
export async function photosIn(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  ownerId: string,
  { id, kept, files }: Pick<Sent, 'id' | 'kept' | 'files'>,
): Promise<string[]> {
  const photoIds = [...kept];
  for (const bytes of files.slice(0, REVIEW_PHOTOS_MAX - kept.length)) {
    const wish = { id: idOf('reviews:photo', `${id} ${hash('sha256', bytes)}`), ownerId, alt: '' };
    photoIds.push((await addPhoto(deps, wish, bytes)).id);
  }
  return [...new Set(photoIds)];
}
