import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stopRequests } from '#modules/reviews/index.ts';
import type { Deps } from '#platform/module.ts';
import { Text } from '../page.ts';
import { stopsMails } from '../stop-mails.tsx';

/** Ends the mails that ask for reviews. */
export const stopPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) =>
  stopsMails(app, {
    path: '/reviews/stop',
    asked: Type.Object({ order: Text(200) }),
    texts: {
      title: 'review.stop.title',
      text: 'review.stop.text',
      button: 'review.stop.button',
      done: 'review.stop.done',
      unknown: 'review.stop.unknown',
    },
    act: ({ order }) => stopRequests(deps, order),
  });
