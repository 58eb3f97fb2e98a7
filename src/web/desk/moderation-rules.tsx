import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  type BlockedHost,
  blockedHosts,
  blockHost,
  HOST_MAX,
  MODERATORS,
  RULE_SETTERS,
  safetyErrors,
  setTrustRule,
  type TrustRule,
  trustRules,
  unblockHost,
  WHY_MAX,
} from '#modules/safety/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/moderation/rules';
const COUNTED = [
  ['knownDays', 3650],
  ['activeDays', 1000],
  ['pieces', 1000],
  ['welcomed', 10_000],
  ['cleanDays', 3650],
] as const;
const LEVELS = ['1', '2', '3'] as const;

const RuleBody = exactly({
  level: Type.Enum(LEVELS),
  knownDays: Text(6),
  activeDays: Text(6),
  pieces: Text(6),
  welcomed: Text(6),
  cleanDays: Text(6),
});

interface View {
  rules: readonly TrustRule[];
  hosts: readonly BlockedHost[];
  host: { typed: string; why: string; fault?: string };
  ruleFault: string | undefined;
}

/** What trust is earned by, and where nothing may lead. */
export const moderationRulesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const show = async (reply: FastifyReply, said: Partial<Pick<View, 'host' | 'ruleFault'>> = {}) => {
    const [rules, hosts] = await Promise.all([trustRules(db), blockedHosts(db)]);
    const view = { rules, hosts, host: { typed: '', why: '' }, ruleFault: undefined, ...said };
    return reply.page((about) => <RulesPage page={about} view={view} />);
  };
  app.get(PATH, page(MODERATORS), (_request, reply) => show(reply));

  app.post(`${PATH}/trust`, page(RULE_SETTERS, { body: RuleBody }), async ({ viewer, body }, reply) => {
    const numbers = COUNTED.map(([name, max]) => numberIn(body[name], max));
    const [knownDays, activeDays, pieces, welcomed, cleanDays] = numbers;
    const level = LEVELS.indexOf(body.level) + 1;
    if (
      knownDays === undefined ||
      activeDays === undefined ||
      pieces === undefined ||
      welcomed === undefined ||
      cleanDays === undefined ||
      (level !== 1 && level !== 2 && level !== 3)
    )
      return show(reply.code(422), { ruleFault: say('desk.rules.fault.number') });
    const rule = { level, knownDays, activeDays, pieces, welcomed, cleanDays } as const;
    await inTransaction(db, (tx) => setTrustRule(tx, viewer, rule));
    return sendOn(reply, PATH, 'desk.rules.saved');
  });

  app.post(
    `${PATH}/hosts`,
    page(MODERATORS, { body: exactly({ host: Text(2000), why: Text(WHY_MAX) }) }),
    async ({ viewer, body: { host, why } }, reply) => {
      try {
        await inTransaction(db, (tx) => blockHost(tx, viewer, { host, why }, now()));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== safetyErrors.host_invalid.code) throw error;
        const fault = say('desk.rules.fault.host');
        return show(reply.code(422), { host: { typed: host, why, fault } });
      }
      return sendOn(reply, PATH, 'desk.rules.blocked');
    },
  );

  app.post(
    `${PATH}/hosts/free`,
    page(MODERATORS, { body: exactly({ host: Text(HOST_MAX) }) }),
    async ({ viewer, body: { host } }, reply) => {
      await inTransaction(db, (tx) => unblockHost(tx, viewer, host));
      return sendOn(reply, PATH, 'desk.rules.freed');
    },
  );
};

const numberIn = (typed: string, max: number): number | undefined => {
  const number = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : undefined;
  return number !== undefined && number <= max ? number : undefined;
};

function RulesPage({ page: about, view }: { page: Page; view: View }) {
  return (
    <DeskShell page={about} title={t('desk.rules')}>
      <header class="desk-head">
        <p>
          <a href="/desk/moderation">{t('desk.moderation')}</a>
        </p>
        <h1>{t('desk.rules')}</h1>
        <p class="soft">{t('desk.rules.lead')}</p>
      </header>
      <section class="panel" aria-labelledby="trust-rules">
        <h2 id="trust-rules">{t('desk.rules.trust')}</h2>
        {view.ruleFault && (
          <p class="field-error" role="alert">
            {view.ruleFault}
          </p>
        )}
        {view.rules.map((rule) => (
          <RuleForm key={rule.level} page={about} rule={rule} />
        ))}
      </section>
      <Hosts page={about} view={view} />
    </DeskShell>
  );
}

function RuleForm({ page: { viewer, format }, rule }: { page: Page; rule: TrustRule }) {
  const mayChange = mayEnter(viewer, RULE_SETTERS);
  const { level } = rule;
  return (
    <form method="post" action={`${PATH}/trust`} class="form rule-form" novalidate>
      <h3>{t(`safety.level.${level}`)}</h3>
      <input type="hidden" name="level" value={String(level)} />
      <div class="form-row">
        {COUNTED.map(([name]) => (
          <div key={name} class="field">
            <label for={`${name}-${level}`}>{t(`trust.${name}`)}</label>
            {mayChange ? (
              <input
                id={`${name}-${level}`}
                name={name}
                inputMode="numeric"
                maxLength={6}
                value={rule[name]}
              />
            ) : (
              <span>{format.number(rule[name])}</span>
            )}
          </div>
        ))}
      </div>
      {mayChange && (
        <Button look="plain" aria-label={t('desk.rules.save', { level: t(`safety.level.${level}`) })}>
          {t('desk.rules.save', { level: t(`safety.level.${level}`) })}
        </Button>
      )}
    </form>
  );
}

function Hosts({ page: { format }, view: { hosts, host } }: { page: Page; view: View }) {
  return (
    <section class="panel" aria-labelledby="hosts">
      <h2 id="hosts">{t('desk.rules.hosts')}</h2>
      <p class="hint">{t('desk.rules.hosts.hint')}</p>
      {hosts.length > 0 && (
        <Table
          caption={t('desk.rules.hosts')}
          rows={hosts}
          rowKey={(each) => each.host}
          columns={[
            { title: t('desk.rules.host'), cell: (each) => <code>{each.host}</code> },
            { title: t('desk.rules.why'), cell: ({ why }) => why },
            { title: t('desk.rules.since'), cell: ({ since }) => format.date(since) },
            {
              title: t('desk.rules.free'),
              cell: (each) => (
                <form method="post" action={`${PATH}/hosts/free`}>
                  <input type="hidden" name="host" value={each.host} />
                  <button
                    type="submit"
                    class="text-button"
                    aria-label={t('desk.rules.free.of', { host: each.host })}
                  >
                    {t('desk.rules.free')}
                  </button>
                </form>
              ),
            },
          ]}
        />
      )}
      <form method="post" action={`${PATH}/hosts`} class="form" novalidate>
        <div class="form-row">
          <Field
            name="host"
            label={t('desk.rules.host')}
            value={host.typed}
            error={host.fault}
            required
            input={{ autocomplete: 'off', maxlength: 2000 }}
          />
          <Field
            name="why"
            label={t('desk.rules.why')}
            value={host.why}
            required={false}
            input={{ autocomplete: 'off', maxlength: WHY_MAX }}
          />
        </div>
        <Button>{t('desk.rules.block')}</Button>
      </form>
    </section>
  );
}
