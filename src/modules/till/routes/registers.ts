import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Register, RegisterWish } from '../answers.ts';
import { tillErrors } from '../errors.ts';
import { knownRegister, putRegister } from '../registers.ts';

export const registerRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.put(
    '/registers/:registerId',
    {
      config: { access: 'staff:operations' },
      schema: {
        operationId: 'putRegister',
        summary: 'Adds a register to a store, or changes it; out of use it sells nothing',
        params: exactly({ registerId: Id }),
        body: RegisterWish,
        response: {
          200: Register,
          ...problems(
            tillErrors.register_needs_store,
            tillErrors.register_name_taken,
            tillErrors.register_currency,
            tillErrors.register_has_sold,
            tillErrors.register_open,
          ),
        },
      },
    },
    ({ params: { registerId: id }, body: { active = true, ...body }, viewer }) =>
      inTransaction(db, async (tx) => {
        await putRegister(tx, viewer, { id, active, ...body });
        return knownRegister(tx, id);
      }),
  );
};
