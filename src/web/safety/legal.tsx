import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { LEGAL_KINDS, legalText, safetyErrors } from '#modules/safety/index.ts';
import { agree, type HouseRules, houseRules, missingOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { Check } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { say, t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { Words } from '../social/words.tsx';

/** What the shop says about itself, and what members agree to before their first word. */
export const legalPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
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

  app.get(
    '/agree',
    page('member', { querystring: Type.Object({ next: Text(2000) }) }),
    async ({ viewer: { memberId = '' }, query: { next } }, reply) => {
      const [rules, missing] = await Promise.all([houseRules(db), missingOf(db, memberId)]);
      if (missing.length === 0) return sendOn(reply, localPath(next));
      return reply.page((about) => (
        <AgreePage page={about} rules={rules} missing={missing} next={localPath(next)} />
      ));
    },
  );

  const Version = Type.String({ pattern: '^[0-9]{0,9}$' });
  app.post(
    '/agree',
    page('member', {
      body: Type.Object({
        age: Text(3),
        terms: Text(3),
        minimumAge: Version,
        version: Version,
        next: Text(2000),
      }),
    }),
    async ({ viewer: { memberId = '' }, body }, reply) => {
      const { next, age, terms } = body;
      const [rules, missing] = await Promise.all([houseRules(db), missingOf(db, memberId)]);
      const seen = {
        minimumAge: body.minimumAge === '' ? null : Number(body.minimumAge),
        termsVersion: Number(body.version || '0'),
      };
      const isWhole =
        (!missing.includes('age') || age === 'yes') && (!missing.includes('terms') || terms === 'yes');
      const fault = isWhole
        ? await agreedFault(() => inTransaction(db, (tx) => agree(tx, memberId, seen, now())))
        : say('agree.fault.missing');
      if (fault === undefined) return sendOn(reply, localPath(next), 'agree.done');
      void reply.code(422);
      return reply.page((about) => (
        <AgreePage page={about} rules={rules} missing={missing} next={localPath(next)} fault={fault} />
      ));
    },
  );
};

async function agreedFault(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === socialErrors.rules_changed.code)
      return say('agree.fault.changed');
    throw error;
  }
}

interface AgreeProps {
  page: Page;
  rules: HouseRules;
  missing: readonly string[];
  next: string;
  fault?: string;
}

function AgreePage({ page: about, rules: { minimumAge, termsVersion }, missing, next, fault }: AgreeProps) {
  return (
    <Layout page={about} title={t('agree.title')} index={false}>
      <div class="wrap report-page">
        <h1>{t('agree.title')}</h1>
        <p class="lead">{t('agree.lead')}</p>
        {fault && <Notice kind="error">{fault}</Notice>}
        <form method="post" action="/agree" class="form">
          <input type="hidden" name="next" value={next} />
          <input type="hidden" name="minimumAge" value={minimumAge === null ? '' : String(minimumAge)} />
          <input type="hidden" name="version" value={String(termsVersion)} />
          {missing.includes('age') && minimumAge !== null && (
            <Check
              name="age"
              label={t('agree.age', { age: String(minimumAge) })}
              hint={t('agree.age.hint')}
            />
          )}
          {missing.includes('terms') && (
            <>
              <p>
                <a href="/legal/terms">{t('legal.terms')}</a>
              </p>
              <Check name="terms" label={t('agree.terms')} />
            </>
          )}
          <div class="actions">
            <Button>{t('agree.send')}</Button>
            <a class="text-button" href={next}>
              {t('agree.back')}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}
