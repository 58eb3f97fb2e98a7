import { en } from './messages/en.ts';

type Catalogue = typeof en;
type MessageKey = keyof Catalogue;

type Holes<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type TextsOf<Message> = Message extends { one: infer One; other: infer Other } ? One | Other : Message;
type HolesOf<Message> = Holes<TextsOf<Message>> | (Message extends { one: string } ? 'count' : never);
type Filling<Message> = { [Name in HolesOf<Message>]: string | number };

const plural = new Intl.PluralRules('en');

/** The text for a key, its `{holes}` filled. A message with `one` and `other` chooses by `count`. */
export function t<Key extends MessageKey>(
  key: Key,
  ...[filling]: [HolesOf<Catalogue[Key]>] extends [never] ? [] : [Filling<Catalogue[Key]>]
): string {
  const message: string | { one: string; other: string } = en[key];
  if (filling === undefined) return message as string;
  const values: Record<string, string | number> = filling;
  if (typeof message === 'string') return fill(message, values);
  return fill(plural.select(Number(values['count'])) === 'one' ? message.one : message.other, values);
}

/** Each text, split once at its holes: words stand at even places, names at odd ones. */
const splits = new Map<string, string[]>();

function fill(text: string, values: Record<string, string | number>): string {
  let parts = splits.get(text);
  if (!parts) {
    parts = text.split(/[{}]/);
    splits.set(text, parts);
  }
  return parts.map((part, place) => (place % 2 === 0 ? part : values[part])).join('');
}

/** A key whose text has no holes: what a notice or an error may be. */
export type PlainKey = {
  [Key in MessageKey]: [HolesOf<Catalogue[Key]>] extends [never] ? Key : never;
}[MessageKey];

export const isPlainKey = (key: string): key is PlainKey =>
  Object.hasOwn(en, key) && !/\{\w+\}/.test(JSON.stringify(en[key as MessageKey]));

export const say = (key: PlainKey): string => en[key] as string;
