import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const routing: Module = { name: 'routing', routes };
