import { type TProperties, Type } from 'typebox';

/** What comes in: these fields and no others. An unknown field is refused, not dropped. */
export const exactly = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

export const Id = Type.String({ format: 'uuid' });
export const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 120 });
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' });
