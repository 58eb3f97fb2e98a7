type Message = string | { readonly one: string; readonly other: string };
type Catalogue = Record<string, Message>;

type Holes<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type TextsOf<Each> = Each extends { one: infer One; other: infer Other } ? One | Other : Each;
/** The names of a message's holes; `count` is one where the message chooses by it. */
export type HolesOf<Each> = Holes<TextsOf<Each>> | (Each extends { one: string } ? 'count' : never);
type Filling<Each> = { [Name in HolesOf<Each>]: string | number };

const plural = new Intl.PluralRules('en');

/** The texts of a catalogue by their keys, the `{holes}` filled. A message with `one` and `other` chooses by `count`. */
export function textsOf<const Messages extends Catalogue>(messages: Messages) {
  return <Key extends keyof Messages>(
    key: Key,
    ...[filling]: [HolesOf<Messages[Key]>] extends [never] ? [] : [Filling<Messages[Key]>]
  ): string => {
    const message = messages[key] as Message;
    if (filling === undefined) return message as string;
    const values: Record<string, string | number> = filling;
    if (typeof message === 'string') return fill(message, values);
    return fill(plural.select(Number(values['count'])) === 'one' ? message.one : message.other, values);
  };
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
