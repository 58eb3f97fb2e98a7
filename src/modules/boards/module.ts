import type { Module } from '#platform/module.ts';
import { READ_LINK, readLink } from './links.ts';
import { routes } from './routes.ts';

export const boards: Module = { name: 'boards', routes, jobs: { [READ_LINK]: { run: readLink } } };
