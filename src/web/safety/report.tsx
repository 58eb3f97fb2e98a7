import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  report,
  REPORT_WORDS_MAX,
  REASONS,
  type Reason,
  reasonsFor,
  safetyErrors,
} from '#modules/safety/index.ts';
import { mayDo, open, ownProfile, peopleOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { say, t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text } from '../page.ts';
import { REPORTED_KINDS } from './report-link.tsx';

const At = Type.Object({ at: Type.Enum(['piece', 'person']), id: Id });
const Asked = Type.Object({ next: Text(2000), key: Type.Optional(Text(60)) });
const Body = Type.Object({
  reportId: Id,
  reason: Text(40),
  words: Text(8 * REPORT_WORDS_MAX),
  next: Text(2000),
  key: Type.Optional(Text(60)),
});

interface Form {
  at: 'piece' | 'person';
  id: string;
  reportId: string;
  kind: (typeof REPORTED_KINDS)[number];
  next: string;
  key: string | undefined;
  reason: string;
  words: string;
  errors: { reason?: string; words?: string; form?: string };
}

/** How members tell the moderators of something: one form for every kind, without script. */
export const reportPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const kindOf = async (
    memberId: string,
    { at, id }: { at: string; id: string },
    key: string | undefined,
  ) => {
    if (at === 'piece') return (await open(reads, { memberId, key }, id)).kind;
    if (!(await peopleOf(reads, memberId, [id])).has(id)) throw socialErrors.person_not_found({});
    return 'profile' as const;
  };
  const show = (reply: FastifyReply, form: Form) =>
    reply.page((about) => <ReportPage page={about} form={form} />);

  app.get(
    '/report/:at/:id',
    page('member', { params: At, querystring: Asked }),
    async ({ viewer: { memberId = '' }, params, query: { next, key } }, reply) => {
      const kind = await kindOf(memberId, params, key);
      const empty = { reportId: newId(), reason: '', words: '', errors: {} };
      return show(reply, { ...params, ...empty, kind, next: localPath(next), key });
    },
  );

  app.post(
    '/report/:at/:id',
    page('member', { params: At, body: Body }),
    async ({ viewer: { memberId = '', name = '' }, params, body }, reply) => {
      const { key, reportId, words } = body;
      const kind = await kindOf(memberId, params, key);
      const form = { ...params, ...body, key, kind, next: localPath(body.next) };
      const reason = REASONS.find((each) => each === body.reason);
      if (!reason) return show(reply.code(422), { ...form, errors: { reason: t('report.fault.reason') } });
      try {
        await mayDo(deps, memberId, 'report');
        const subject = params.at === 'piece' ? { pieceId: params.id } : { profileId: params.id };
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await report(tx, { memberId, key }, { id: reportId, subject, reason, words }, now());
        });
      } catch (error) {
        const errors = faultOf(error);
        if (!errors) throw error;
        return show(reply.code(422), { ...form, errors });
      }
      return sendOn(reply, form.next, 'report.sent');
    },
  );
};

function faultOf(error: unknown): Form['errors'] | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { code, status } = error;
  if (code === socialErrors.words_too_long.code)
    return { words: t('report.fault.long', { max: REPORT_WORDS_MAX }) };
  if (code === safetyErrors.reason_not_for_kind.code) return { reason: say('report.fault.reason') };
  if (code === safetyErrors.own_thing.code) return { form: say('report.fault.own') };
  return status === 429 ? { form: say('report.fault.often') } : undefined;
}

function ReportPage({ page: about, form }: { page: Page; form: Form }) {
  const { at, id, kind, next, key, reason, words, errors } = form;
  const title = t('report.title', { what: t(`report.kind.${kind}`) });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap report-page">
        <h1>{title}</h1>
        <p class="lead">{t('report.lead')}</p>
        {errors.form && <Notice kind="error">{errors.form}</Notice>}
        <form method="post" action={`/report/${at}/${id}`} class="form" novalidate>
          <input type="hidden" name="reportId" value={form.reportId} />
          <input type="hidden" name="next" value={next} />
          {key && <input type="hidden" name="key" value={key} />}
          <Reasons kind={kind} chosen={reason} error={errors.reason} />
          <TextArea
            name="words"
            label={t('report.words')}
            hint={t('report.words.hint', { max: REPORT_WORDS_MAX })}
            value={words}
            error={errors.words}
            rows={4}
            required={false}
          />
          <div class="actions">
            <Button>{t('report.send')}</Button>
            <a class="text-button" href={next}>
              {t('report.back')}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}

interface ReasonsProps {
  kind: string;
  chosen: string;
  error: string | undefined;
}

/** One of the fixed list, each with what it means. */
export function Reasons({ kind, chosen, error }: ReasonsProps) {
  return (
    <fieldset class="reasons" aria-describedby={error && 'reasons-error'}>
      <legend>{t('report.reason')}</legend>
      {reasonsFor(kind).map((reason: Reason) => (
        <label key={reason} class="check">
          <input
            type="radio"
            name="reason"
            value={reason}
            checked={reason === chosen}
            required
            {...(error && { 'aria-invalid': 'true' })}
          />
          <span>
            {t(`safety.reason.${reason}`)}
            <small class="hint">{t(`safety.reason.${reason}.hint`)}</small>
          </span>
        </label>
      ))}
      {error && (
        <p class="field-error" id="reasons-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
