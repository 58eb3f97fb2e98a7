import { Type } from 'typebox';
import { TILL } from '#platform/access.ts';
import type { Module } from '#platform/module.ts';
import { Register } from './answers.ts';
import { registers } from './registers.ts';

export const routes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/registers',
    {
      config: { access: TILL },
      schema: {
        operationId: 'listRegisters',
        summary: 'The registers in use, by name',
        response: { 200: Type.Object({ registers: Type.Array(Register) }) },
      },
    },
    async () => ({ registers: await registers(db) }),
  );
};
