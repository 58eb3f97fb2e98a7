import type { Module } from '#platform/module.ts';

export const routes: NonNullable<Module['routes']> = async () => {};
