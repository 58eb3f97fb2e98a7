import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { stopRequests } from '#modules/reviews/index.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';

/** Ends the mails that ask for reviews: a page with one button, since programs that read mail open links too. */
export const stopPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const order = Text(200);
  app.get(
    '/reviews/stop',
    page('public', { querystring: Type.Object({ order }) }),
    async ({ query }, reply) => {
      reply.header('referrer-policy', 'same-origin');
      return reply.page((about) => (
        <Layout page={about} title={t('review.stop.title')} index={false}>
          <div class="wrap account">
            <h1>{t('review.stop.title')}</h1>
            <form method="post" action="/reviews/stop" class="form">
              <input type="hidden" name="order" value={query.order} />
              <Button>{t('review.stop.button')}</Button>
            </form>
          </div>
        </Layout>
      ));
    },
  );

  app.post('/reviews/stop', page('public', { body: Type.Object({ order }) }), async ({ body }, reply) => {
    await stopRequests(deps, body.order);
    return sendOn(reply, '/', 'review.stop.done');
  });
};
