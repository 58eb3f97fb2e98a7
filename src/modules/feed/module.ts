import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const feed: Module = { name: 'feed', routes };
