import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const market: Module = { name: 'market', routes };
