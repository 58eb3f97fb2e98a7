import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stopMail } from '#modules/feed/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Text } from '../page.ts';
import { stopsMails } from '../stop-mails.tsx';

/** Ends the daily mail. */
export const mailOffPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) =>
  stopsMails(app, {
    path: '/notices/mail-off',
    asked: Type.Object({ member: Id, token: Text(60) }),
    texts: {
      title: 'notices.mail_off.title',
      text: 'notices.mail_off.text',
      button: 'notices.mail_off.do',
      done: 'notices.mail_off.done',
      unknown: 'notices.mail_off.unknown',
    },
    act: ({ member, token }) => stopMail(deps, member, token),
  });
