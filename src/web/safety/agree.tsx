import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { agree, type HouseRules, houseRules, missingOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { Check } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { localPath, page, type Page, sendOn, Text, wantsHtml } from '../page.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was wrong with what the member agreed to with this form. */
    agreeFault: PlainKey | undefined;
  }
}

/** What is said with a form; the form's own fields come beside it. */
const SAID = 'agreed-';

/** Asked before a member's first word, wherever they wanted to say it. */
export const agreePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/agree',
    page('member', { querystring: Type.Object({ next: Text(2000) }) }),
    async ({ viewer: { memberId = '' }, query: { next } }, reply) => {
      const asked = await askedOf(deps, memberId);
      if (asked.missing.length === 0) return sendOn(reply, localPath(next));
      const hidden: Hidden = [['next', localPath(next)]];
      return reply.page((about) => (
        <AgreePage page={about} form={{ ...asked, action: '/agree', hidden, back: localPath(next) }} />
      ));
    },
  );

  app.post('/agree', page('member', { body: Type.Object({ next: Text(2000) }) }), async (request, reply) => {
    const { missing } = await askedOf(deps, request.viewer.memberId ?? '');
    const next = localPath(request.body.next);
    return missing.length === 0 ? sendOn(reply, next, 'agree.done') : askToAgree(deps, request, reply, next);
  });
};

export const isAgreementMissing = (error: FastifyError, request: FastifyRequest): boolean =>
  error.code === socialErrors.agreement_missing.code && wantsHtml(request);

/** Before a form is looked at: what its sender agreed to with it is noted, and is no part of the form. */
export async function agreeOnTheWay({ db, now }: Pick<Deps, 'db' | 'now'>, request: FastifyRequest) {
  const { body, viewer } = request;
  if (typeof body !== 'object' || body === null || !(`${SAID}version` in body)) return;
  const sent = new Map<string, unknown>(Object.entries(body));
  const text = (name: string) => {
    const said = sent.get(SAID + name);
    return typeof said === 'string' ? said : '';
  };
  request.body = Object.fromEntries([...sent].filter(([name]) => !name.startsWith(SAID)));
  if (viewer.memberId === undefined) return;
  const { memberId } = viewer;
  const missing = await missingOf(db, memberId);
  if (missing.some((what) => text(what) !== 'yes')) {
    request.agreeFault = 'agree.fault.missing';
    return;
  }
  const seen = {
    minimumAge: text('minimum') === '' ? null : Number(text('minimum')),
    termsVersion: Number(text('version')),
  };
  try {
    if (missing.length > 0) await inTransaction(db, (tx) => agree(tx, memberId, seen, now()));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== socialErrors.rules_changed.code) throw error;
    request.agreeFault = 'agree.fault.changed';
  }
}

/** The page that asks, with all that the form brought: what it was sent for happens with the next press of a button. */
export async function askToAgree(
  deps: Pick<Deps, 'db'>,
  request: FastifyRequest,
  reply: FastifyReply,
  back = cameFrom(request),
): Promise<FastifyReply> {
  const { method, url, body, agreeFault } = request;
  const { missing, rules } = await askedOf(deps, request.viewer.memberId ?? '');
  const isForm = method === 'POST' && typeof body === 'object' && body !== null;
  if (!isForm) return reply.redirect(`/agree?next=${encodeURIComponent(back)}`, 303);
  const hidden = hiddenOf(body, request.pictures?.photoIds ?? []);
  const form = { missing, rules, action: url, hidden, back, ...(agreeFault && { fault: agreeFault }) };
  const html = await reply.page((about) => <AgreePage page={about} form={form} />);
  return reply.code(agreeFault ? 422 : 403).send(html);
}

type Hidden = [name: string, value: string][];

/** The fields as they came; pictures that came along are photos by now, and go by their ids. */
function hiddenOf(body: object, photoIds: readonly string[]): Hidden {
  const sent = Object.entries(body).flatMap(([name, value]: [string, unknown]): Hidden =>
    [value].flat().map((each) => [name, String(each)]),
  );
  const known = new Set(sent.flatMap(([name, value]) => (name === 'photoId' ? [value] : [])));
  return [...sent, ...photoIds.filter((id) => !known.has(id)).map((id): Hidden[0] => ['photoId', id])];
}

/** The page of ours that a form stood on, as the browser says. */
function cameFrom({ headers, method, url, protocol, host }: FastifyRequest): string {
  if (method === 'GET') return url;
  const from = URL.parse(headers.referer ?? '');
  const isOurs = from !== null && from.origin === URL.parse(`${protocol}://${host}`)?.origin;
  return isOurs ? localPath(`${from.pathname}${from.search}`) : '/';
}

async function askedOf({ db }: Pick<Deps, 'db'>, memberId: string) {
  const [rules, missing] = await Promise.all([houseRules(db), missingOf(db, memberId)]);
  return { rules, missing };
}

interface AgreeForm {
  rules: HouseRules;
  missing: readonly string[];
  action: string;
  hidden: Hidden;
  back: string;
  fault?: PlainKey;
}

function AgreePage({ page: about, form }: { page: Page; form: AgreeForm }) {
  const { rules, missing, action, hidden, back, fault } = form;
  const { minimumAge, termsVersion } = rules;
  return (
    <Layout page={about} title={t('agree.title')} index={false}>
      <div class="wrap report-page">
        <h1>{t('agree.title')}</h1>
        <p class="lead">{t('agree.lead')}</p>
        {fault && <Notice kind="error">{say(fault)}</Notice>}
        <form method="post" action={action} class="form">
          {hidden.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <input
            type="hidden"
            name={`${SAID}minimum`}
            value={minimumAge === null ? '' : String(minimumAge)}
          />
          <input type="hidden" name={`${SAID}version`} value={String(termsVersion)} />
          {missing.includes('age') && minimumAge !== null && (
            <Check
              name={`${SAID}age`}
              label={t('agree.age', { age: String(minimumAge) })}
              hint={t('agree.age.hint')}
            />
          )}
          {missing.includes('terms') && (
            <>
              <p>
                <a href="/legal/terms" target="_blank">
                  {t('legal.terms')}
                </a>
              </p>
              <Check name={`${SAID}terms`} label={t('agree.terms')} />
            </>
          )}
          <div class="actions">
            <Button>{t('agree.send')}</Button>
            <a class="text-button" href={back}>
              {t('agree.back')}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}
