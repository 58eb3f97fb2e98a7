import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const boards: Module = { name: 'boards', routes };
