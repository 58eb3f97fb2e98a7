import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const marketing: Module = { name: 'marketing', routes };
