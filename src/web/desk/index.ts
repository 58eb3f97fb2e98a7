import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { auditPage } from './audit.tsx';
import { deskHomePage } from './home.tsx';
import { deskLive } from './live.ts';
import { marketPage } from './market.tsx';

/** Every page of the desk. */
export const deskPages: FastifyPluginAsyncTypebox<Deps>[] = [deskHomePage, marketPage, auditPage, deskLive];
