import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { LEGAL_KINDS, legalText, safetyErrors } from '#modules/safety/index.ts';
import type { Deps } from '#platform/module.ts';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { Words } from '../social/words.tsx';

/** What the shop says about itself. */
export const legalPages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get(
    '/legal/:kind',
    page('public', { params: Type.Object({ kind: Type.Enum([...LEGAL_KINDS]) }) }),
    async ({ params: { kind } }, reply) => {
      const found = await legalText(reads, kind);
      if (!found) throw safetyErrors.legal_text_not_found({});
      return reply.page((about) => (
        <Layout page={about} title={t(`legal.${kind}`)} canonical={`/legal/${kind}`}>
          <div class="wrap report-page prose">
            <h1>{t(`legal.${kind}`)}</h1>
            <p class="soft">{t('legal.since', { day: about.format.date(found.setAt) })}</p>
            <Words text={found.body} />
          </div>
        </Layout>
      ));
    },
  );
};
