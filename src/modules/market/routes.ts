import { Type } from 'typebox';
import type { Module } from '#platform/module.ts';
import { regions } from './regions.ts';

const OrNull = Type.Union([Type.String(), Type.Null()]);
const Region = Type.Object({
  code: Type.String(),
  kind: Type.Enum(['world', 'group', 'country', 'area']),
  parentCode: OrNull,
  name: Type.String(),
  outlineId: OrNull,
});

export const routes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/regions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listRegions',
        response: { 200: Type.Object({ regions: Type.Array(Region) }) },
      },
    },
    async () => ({ regions: await regions(db) }),
  );
};
