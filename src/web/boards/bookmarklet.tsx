import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';

/** How a page from anywhere is saved in one step. */
export const bookmarkletPage: FastifyPluginAsyncTypebox<Deps> = async (app) => {
  app.get('/bookmarklet', page('public'), async (_request, reply) =>
    reply.page((about) => <BookmarkletPage page={about} />),
  );
};

/** Opens our page beside the one that is looked at, which learns nothing of it. */
const scriptOf = (origin: string) =>
  `javascript:void window.open('${origin}/save?url='+encodeURIComponent(location.href),'_blank','noopener,width=560,height=720')`;

function BookmarkletPage({ page: about }: { page: Page }) {
  const { shop, origin } = about;
  const script = scriptOf(origin);
  return (
    <Layout page={about} title={t('boards.bookmarklet.title')} canonical="/bookmarklet">
      <div class="wrap account">
        <h1>{t('boards.bookmarklet.title')}</h1>
        <p>{t('boards.bookmarklet.text')}</p>
        <p>
          <a class="button primary" href={script}>
            {t('boards.bookmarklet.button', { shop })}
          </a>
        </p>
        <p>{t('boards.bookmarklet.hand')}</p>
        <div class="field">
          <label for="bookmarklet-code">{t('boards.bookmarklet.code')}</label>
          <textarea id="bookmarklet-code" rows={3} readonly spellcheck={false}>
            {script}
          </textarea>
        </div>
        <p class="soft">{t('boards.bookmarklet.phone', { shop })}</p>
      </div>
    </Layout>
  );
}
