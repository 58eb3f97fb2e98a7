import { marketErrors } from './errors.ts';

/** Postcodes as [from, to) in the order of their characters, and as they were typed. */
export interface PostcodeRange {
  typed: string;
  from: string;
  to: string;
}

/** As postcodes are compared: without spaces and hyphens, in capitals. */
export const plainPostcode = (typed: string): string => typed.toUpperCase().replaceAll(/[\s-]/g, '');

/** The longest are French, of a post office of its own. */
export const POSTCODE_CHARACTERS_MAX = 16;
/** What is left of a postcode so. */
export const PLAIN_POSTCODE = new RegExp(`^[A-Z0-9]{1,${POSTCODE_CHARACTERS_MAX}}$`);

const PART = /^[A-Z0-9]{1,10}$/;

/** "10" is every postcode that begins so; "1000-1099" is all between, those that go on ("1099 AB") included. */
export function postcodeRange(typed: string): PostcodeRange {
  const [first = '', last, ...more] = typed.split('-').map(plainPostcode);
  const end = last ?? first;
  if (more.length > 0 || !PART.test(first) || !PART.test(end) || first.length !== end.length || end < first) {
    throw marketErrors.postcodes_unfit({ typed });
  }
  return { typed: last === undefined ? first : `${first}-${end}`, from: first, to: beyond(end) };
}

/** The first text after all that begin with this one. */
const beyond = (text: string): string =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
