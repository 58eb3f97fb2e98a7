/** What somebody else's JSON says, as far as it says it in our words; nothing of it is taken for granted. */
import type { Thing } from './folder.ts';

export const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const thingAt = (of: Thing, key: string): Thing | undefined => {
  const value = of[key];
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return isThing(first) ? first : undefined;
};

export const thingsAt = (of: Thing, key: string, max: number): Thing[] => {
  const value = of[key];
  return (Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value])
    .filter(isThing)
    .slice(0, max);
};

/** Cut where it is longer than may be, between whole characters. */
export const textAt = (of: Thing, key: string, max: number): string => {
  const given = of[key];
  if (typeof given !== 'string') return '';
  const value = given.replaceAll('\0', ''); // which no column takes
  return value.length > max
    ? value
        .slice(0, max)
        .toWellFormed()
        .replace(/\uFFFD$/, '')
    : value.toWellFormed();
};

export const textsAt = (of: Thing, key: string, max: number): string[] => {
  const value = of[key];
  const all = Array.isArray(value) ? (value as unknown[]) : [];
  return all.filter((each) => typeof each === 'string' && each.length <= 200).slice(0, max) as string[];
};

export const wholeAt = (of: Thing, key: string, [min, max]: readonly [number, number]): number => {
  const value = of[key];
  const number = typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : min;
  return Math.min(max, Math.max(min, number));
};

export const oneOf = <const Word extends string>(
  of: Thing,
  key: string,
  words: readonly Word[],
): Word | undefined => words.find((word) => of[key] === word);

const UUID = /^(?:urn:uuid:)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** The number of a thing: `urn:uuid:…`. */
export const idAt = (of: Thing, key = 'id'): string | undefined => {
  const value = of[key];
  return typeof value === 'string' ? UUID.exec(value)?.[1]?.toLowerCase() : undefined;
};

export const is = (of: Thing | undefined, type: string): boolean =>
  of !== undefined && [of['type']].flat().includes(type);

/** When it was made; undefined where the archive does not say, or says what is still to come. */
export const madeAt = (of: Thing, now: Date): Date | undefined => {
  const value = of['published'];
  const at = typeof value === 'string' ? new Date(value) : undefined;
  return at && at.getTime() > Date.UTC(1995, 0) && at <= now ? at : undefined;
};
