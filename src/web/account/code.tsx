import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { memberCodeOf, renewMemberCode } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { DrawnCode, lineCode, qrCode } from '../barcodes.tsx';
import { Button } from '../components/Button.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, sendOn } from '../page.ts';

const PATH = '/account/code';

/** A member's own code: shown in a store, where what they look at is put into their cart. */
export const codePages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  app.get(PATH, page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const code = await inTransaction(db, (tx) => memberCodeOf(tx, memberId, now()));
    const [square, lines] = await Promise.all([qrCode(code), lineCode(code)]);
    const shown = code.replaceAll(/(.{4})(?=.)/g, '$1 ');
    return reply.page((about) => (
      <Layout page={about} title={t('account.code')} index={false}>
        <div class="wrap narrow member-code">
          <h1>{t('account.code')}</h1>
          <p>{t('account.code.text')}</p>
          <DrawnCode kind="square" svg={square} label={t('account.code.square')} />
          <DrawnCode kind="lines" svg={lines} label={t('account.code.lines')} />
          <p class="member-code-letters">{shown}</p>
          <form method="post" action={PATH} class="form">
            <p class="soft">{t('account.code.renew.text')}</p>
            <Button look="plain">{t('account.code.renew')}</Button>
          </form>
        </div>
      </Layout>
    ));
  });

  app.post(PATH, page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    await inTransaction(db, (tx) => renewMemberCode(tx, memberId, now()));
    return sendOn(reply, PATH, 'account.code.renewed');
  });
};
