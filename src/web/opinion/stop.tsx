import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stopQuestions } from '#modules/satisfaction/index.ts';
import type { Deps } from '#platform/module.ts';
import { Text } from '../page.ts';
import { stopsMails } from '../stop-mails.tsx';

/** Ends the mails that ask how it went. */
export const opinionStopPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) =>
  stopsMails(app, {
    path: '/opinion/stop',
    asked: Type.Object({ question: Text(200) }),
    texts: {
      title: 'opinion.stop.title',
      text: 'opinion.stop.text',
      button: 'opinion.stop.button',
      done: 'opinion.stop.done',
      unknown: 'opinion.stop.unknown',
    },
    act: ({ question }) => stopQuestions(deps, question),
  });
