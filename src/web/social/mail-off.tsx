import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stopMail } from '#modules/feed/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';

/** Where the link of a mail leads: it stops the mails, signed in or not. Opening it alone stops nothing, for scanners open links. */
export const mailOffPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const asked = Type.Object({ member: Id, token: Text(60) });
  app.get('/notices/mail-off', page('public', { querystring: asked }), async ({ query }, reply) =>
    reply.page((about) => (
      <Layout page={about} title={t('notices.mail_off.title')} index={false}>
        <div class="wrap account">
          <h1>{t('notices.mail_off.title')}</h1>
          <p>{t('notices.mail_off.text')}</p>
          <form method="post" action="/notices/mail-off" class="form">
            <input type="hidden" name="member" value={query.member} />
            <input type="hidden" name="token" value={query.token} />
            <Button>{t('notices.mail_off.do')}</Button>
          </form>
        </div>
      </Layout>
    )),
  );

  app.post(
    '/notices/mail-off',
    page('public', { body: asked }),
    async ({ body: { member, token } }, reply) => {
      if (await stopMail(deps, member, token)) return sendOn(reply, '/', 'notices.mail_off.done');
      void reply.code(403);
      return reply.page((about) => (
        <Layout page={about} title={t('notices.mail_off.title')} index={false}>
          <div class="wrap">
            <EmptyState level={1} title={t('notices.mail_off.title')} text={t('notices.mail_off.unknown')} />
          </div>
        </Layout>
      ));
    },
  );
};
