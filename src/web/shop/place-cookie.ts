import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Format } from '../format.ts';
import { countryOf } from './arrival.ts';

const PLACE_COOKIE = 'stoa_place';
const DAYS_90 = 90 * 24 * 60 * 60;
const PLACE = /^([A-Z]{2}) ([A-Z0-9][A-Z0-9 -]{0,11})$/;

/** Where something is to be sent. */
export interface Place {
  countryCode: string;
  /** Empty where only the country is known. */
  postcode: string;
}

/** The same postcode, however it is typed; undefined for what can't be one. */
export function placeFrom(countryCode: string, postcode: string): Place | undefined {
  const found = PLACE.exec(`${countryCode} ${postcode.trim().toUpperCase().replaceAll(/\s+/g, ' ')}`);
  return found ? { countryCode: found[1] ?? '', postcode: found[2] ?? '' } : undefined;
}

/** Where this visitor said that things go; undefined for one who did not say. */
export function saidPlace({ cookies }: FastifyRequest): Place | undefined {
  const [countryCode = '', postcode = ''] = cookies[PLACE_COOKIE]?.split(/ (.*)/s) ?? [];
  return placeFrom(countryCode, postcode);
}

/** The same, or what the language of their browser tells. */
export function placeOf(request: FastifyRequest, format: Format): Place | undefined {
  return saidPlace(request) ?? countryPlace(format);
}

export function countryPlace(format: Format): Place | undefined {
  const countryCode = countryOf(format);
  return countryCode === undefined ? undefined : { countryCode, postcode: '' };
}

export function rememberPlace(reply: FastifyReply, { countryCode, postcode }: Place): void {
  const secure = reply.request.protocol === 'https';
  const options = { path: '/', maxAge: DAYS_90, sameSite: 'lax', httpOnly: true, secure } as const;
  reply.setCookie(PLACE_COOKIE, `${countryCode} ${postcode}`, options);
}

export function forgetPlace(reply: FastifyReply): void {
  reply.clearCookie(PLACE_COOKIE, { path: '/' });
}
