/** Why an event is set aside, and where in it the reason stands (a JSON pointer). */
export class Fault extends Error {
  readonly reason: Reason;
  readonly place: string;

  constructor(reason: Reason, place = '') {
    super(`${reason} ${place}`);
    this.reason = reason;
    this.place = place;
  }
}

export const REASONS = [
  'torn_json',
  'not_an_event',
  'event_too_large',
  'field_missing',
  'wrong_type',
  'too_long',
  'nul_byte',
  'too_many_properties',
  'too_deep',
  'too_old',
  'too_new',
  'nobody',
] as const;
export type Reason = (typeof REASONS)[number];

export const ID_LENGTH = 255;
