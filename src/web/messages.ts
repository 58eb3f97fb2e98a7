import { type HolesOf, textsOf } from '#platform/texts.ts';
import { en } from './messages/en.ts';

type Catalogue = typeof en;
type MessageKey = keyof Catalogue;

/** The text for a key, its `{holes}` filled. A message with `one` and `other` chooses by `count`. */
export const t = textsOf(en);

/** A key whose text has no holes: what a notice or an error may be. */
export type PlainKey = {
  [Key in MessageKey]: [HolesOf<Catalogue[Key]>] extends [never] ? Key : never;
}[MessageKey];

export const isPlainKey = (key: string): key is PlainKey =>
  Object.hasOwn(en, key) && !/\{\w+\}/.test(JSON.stringify(en[key as MessageKey]));

export const say = (key: PlainKey): string => en[key] as string;
