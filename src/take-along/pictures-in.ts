import type { Thing } from './folder.ts';

interface StoredPicture {
  /** In the folder. */
  path: string;
  /** In the storage. */
  stored: string;
}

/** The pictures that an activity shows, however deep. */
export function picturesIn(value: unknown): StoredPicture[] {
  if (Array.isArray(value)) return value.flatMap(picturesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { url, stored } = value as Thing;
  const own = typeof url === 'string' && typeof stored === 'string' ? [{ path: url, stored }] : [];
  return [...own, ...Object.values(value).flatMap(picturesIn)];
}
