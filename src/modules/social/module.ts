import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const social: Module = { name: 'social', routes };
