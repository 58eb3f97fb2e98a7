import { Type } from 'typebox';
import { Id } from '#platform/schema.ts';

export const Register = Type.Object({
  id: Id,
  name: Type.String(),
  locationId: Id,
  currency: Type.String(),
});
