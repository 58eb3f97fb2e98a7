import { hash } from 'node:crypto';

/** By what a retry is known from another wish under the same id. */
export const requestHashOf = (wish: object): Buffer => hash('sha256', canonical(wish), 'buffer');

/** The same whatever the order of the fields that it came with. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
