import type { Subscriber } from '#platform/events.ts';
import { modules } from './modules.ts';

/** All modules', in their order. */
export const subscribers: readonly Subscriber[] = modules.flatMap((module) => module.subscribers ?? []);
