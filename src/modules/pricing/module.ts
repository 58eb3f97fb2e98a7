import type { Module } from '#platform/module.ts';
import { routes } from './routes.ts';

export const pricing: Module = { name: 'pricing', routes };
