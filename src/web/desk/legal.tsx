import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  LEGAL_KINDS,
  LEGAL_MAX,
  type LegalKind,
  type LegalText,
  legalText,
  RULE_SETTERS,
  setAgeAsked,
  setLegalText,
} from '#modules/safety/index.ts';
import { type HouseRules, houseRules } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/legal';
const AGE = /^(?:[1-9]|1\d|2[01])$/;

interface View {
  texts: ReadonlyMap<LegalKind, LegalText>;
  rules: HouseRules;
  faults: Partial<Record<LegalKind | 'age', string>>;
  typed: Partial<Record<LegalKind | 'age', string>>;
}

/** What the shop must say about itself, and what members agree to. */
export const legalDeskPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const show = async (reply: FastifyReply, said: Partial<Pick<View, 'faults' | 'typed'>> = {}) => {
    const found = await Promise.all(LEGAL_KINDS.map((kind) => legalText(db, kind)));
    const texts = new Map(found.flatMap((each) => (each ? [[each.kind, each] as const] : [])));
    const view = { texts, rules: await houseRules(db), faults: {}, typed: {}, ...said };
    return reply.page((about) => <LegalPage page={about} view={view} />);
  };
  app.get(PATH, page(RULE_SETTERS), (_request, reply) => show(reply));

  app.post(
    `${PATH}/age`,
    page(RULE_SETTERS, { body: exactly({ age: Text(6) }) }),
    async ({ viewer, body }, reply) => {
      const age = body.age.trim();
      if (age !== '' && !AGE.test(age))
        return show(reply.code(422), { faults: { age: say('desk.legal.fault.age') }, typed: { age } });
      await inTransaction(db, (tx) => setAgeAsked(tx, viewer, age === '' ? null : Number(age)));
      return sendOn(reply, PATH, 'desk.legal.saved');
    },
  );

  app.post(
    `${PATH}/:kind`,
    page(RULE_SETTERS, {
      params: Type.Object({ kind: Type.Enum([...LEGAL_KINDS]) }),
      body: exactly({ body: Text(2 * LEGAL_MAX), isAgreedTo: Text(3) }),
    }),
    async ({ viewer, params: { kind }, body: { body, isAgreedTo } }, reply) => {
      const length = body.trim().length;
      if (length === 0 || length > LEGAL_MAX)
        return show(reply.code(422), {
          faults: { [kind]: t('desk.legal.fault.length', { max: LEGAL_MAX }) },
          typed: { [kind]: body },
        });
      const wish = { kind, body, isAgreedTo: isAgreedTo === 'yes' };
      await inTransaction(db, (tx) => setLegalText(tx, viewer, wish, now()));
      return sendOn(reply, PATH, 'desk.legal.saved');
    },
  );
};

function LegalPage({ page: about, view }: { page: Page; view: View }) {
  const { rules, faults, typed } = view;
  return (
    <DeskShell page={about} title={t('desk.legal')}>
      <header class="desk-head">
        <h1>{t('desk.legal')}</h1>
        <p class="soft">{t('desk.legal.lead')}</p>
      </header>
      <section class="panel" aria-labelledby="age">
        <h2 id="age">{t('desk.legal.age')}</h2>
        <form method="post" action={`${PATH}/age`} class="form" novalidate>
          <Field
            name="age"
            label={t('desk.legal.age.label')}
            hint={t('desk.legal.age.hint')}
            value={typed.age ?? (rules.minimumAge === null ? '' : String(rules.minimumAge))}
            error={faults.age}
            required={false}
            input={{ inputmode: 'numeric', maxlength: 2, autocomplete: 'off' }}
          />
          <Button look="plain">{t('desk.legal.save')}</Button>
        </form>
      </section>
      {LEGAL_KINDS.map((kind) => (
        <TextForm key={kind} page={about} view={view} kind={kind} />
      ))}
    </DeskShell>
  );
}

function TextForm({ page: { format }, view, kind }: { page: Page; view: View; kind: LegalKind }) {
  const { texts, rules, faults, typed } = view;
  const text = texts.get(kind);
  const fault = faults[kind];
  return (
    <section class="panel" aria-labelledby={`legal-${kind}`}>
      <h2 id={`legal-${kind}`}>{t(`legal.${kind}`)}</h2>
      <p class="hint">{t(`desk.legal.${kind}.hint`)}</p>
      {text && (
        <p class="soft">
          <a href={`/legal/${kind}`}>
            {t('desk.legal.version', { version: text.version, day: format.date(text.setAt) })}
          </a>
        </p>
      )}
      <form method="post" action={`${PATH}/${kind}`} class="form" novalidate>
        <div class="field">
          <label for={`text-${kind}`}>{t('desk.legal.text')}</label>
          <textarea
            id={`text-${kind}`}
            name="body"
            rows={8}
            {...(fault && { 'aria-invalid': 'true', 'aria-describedby': `text-${kind}-error` })}
          >
            {typed[kind] ?? text?.body ?? ''}
          </textarea>
          {fault && (
            <p class="field-error" id={`text-${kind}-error`}>
              {fault}
            </p>
          )}
        </div>
        {kind === 'terms' && (
          <Check
            name="isAgreedTo"
            label={t('desk.legal.agreed')}
            hint={t('desk.legal.agreed.hint')}
            checked={rules.termsVersion > 0}
          />
        )}
        <Button look="plain">{t('desk.legal.save')}</Button>
      </form>
    </section>
  );
}
