/**
 * The words of the folder that members take along, for who writes one and who reads one: docs/archive.md says what each
 * means. Activity Streams 2.0, and a few terms of our own for what it has no word for.
 */
export const CONTEXT = ['https://www.w3.org/ns/activitystreams', { stoa: 'urn:stoa:archive:1#' }] as const;

export const ACTOR = 'actor.json';
export const OUTBOX = 'outbox.json';
export const outboxPage = (nth: number): string => `outbox/${nth}.json`;
/** Activities in one file of the outbox. */
export const PAGE_ITEMS = 200;

export type Thing = Record<string, unknown>;

export const urn = (id: string): string => `urn:uuid:${id}`;

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
};

/** What a picture's file is called, by its number and its type; undefined of a type that is none of ours. */
export function picturePath(id: string, mimeType: string): string | undefined {
  const extension = EXTENSIONS[mimeType];
  return extension && `pictures/${id}.${extension}`;
}

export const PICTURE_PATH = /^pictures\/[\w-]{1,100}\.(jpe?g|png|webp|avif|gif)$/;
