import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const posts: Module = { name: 'posts', routes };
