import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { GUEST, TILL } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { findHere, type Here, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/sell';

/**
 * Where things are sold: a frame that the browser's part of the till fills. The same frame without anybody's name is
 * what the service worker keeps for a lost connection.
 */
export const sellPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const Query = Type.Object({ frame: Type.Optional(Type.Literal('kept')) });
  app.get(PATH, page(TILL, { querystring: Query }, { usesCamera: true }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    if (request.query.frame) {
      return reply.page((about) => (
        <SellFrame page={{ ...about, viewer: GUEST, path: PATH, notice: undefined }} />
      ));
    }
    return reply.page((about) => <SellFrame page={about} here={here} />);
  });
};

/** No other page of the till carries what this one runs on. */
function SellFrame({ page: about, here }: { page: Page; here?: Here }) {
  const { till } = about.assets;
  return (
    <TillShell page={about} here={here} title={t('sell')}>
      <link rel="stylesheet" href={till.style} />
      <script type="module" src={till.script} />
      <div id="till-sell" data-register={here?.register.id} data-associate={about.viewer.memberId}>
        <p class="soft till-starting" role="status">
          {t('sell.starting')}
        </p>
        <noscript>
          <h1>{t('sell.no_script')}</h1>
          <p>{t('sell.no_script.text')}</p>
          <a class="button plain" href="/till">
            {t('sell.no_script.till')}
          </a>
        </noscript>
      </div>
    </TillShell>
  );
}
