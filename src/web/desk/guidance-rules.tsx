import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import {
  endRule,
  guidanceErrors,
  putRule,
  type Rule,
  rules,
  type RuleWish,
  WATCHED,
} from '#modules/guidance/index.ts';
import { marketplaceOrganization, teamOf } from '#modules/identity/index.ts';
import { metricOf } from '#modules/insight/index.ts';
import { type Access, mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { dayBegins } from './audit-query.ts';
import { regionName } from './guidance-words.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/guidance/rules';
/** As the API's routes say. */
const WRITERS = ['staff:merchant', 'staff:operations'] as const satisfies Access;
/** Of a rule for any figure, any region, or all regions together: a select has no other way to say so. */
const ANY = '*';
const WHOLE = '=';

const Body = exactly({ id: Id, metric: Text(60), region: Text(60), owner: Text(40), muted: Text(10) });
type Typed = Static<typeof Body>;
type Errors = Partial<Record<keyof Typed, string>>;

interface View {
  told: readonly Rule[];
  team: readonly { memberId: string; name: string }[];
  regions: Map<string, MarketRegion>;
  timeZone: string;
  typed: Typed;
  errors: Errors;
}

/** Who is told of which findings: all staff see it, whoever answers for goods and stores sets it. */
export const guidanceRulesPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config, now } = deps;
  const show = async (reply: FastifyReply, asked: string | undefined, typed?: Typed, errors: Errors = {}) => {
    const { id: organizationId } = await inTransaction(db, marketplaceOrganization);
    const [told, team, regions] = await Promise.all([
      rules(db),
      teamOf(db, organizationId),
      marketRegions(reads),
    ]);
    const chosen = told.find(({ id }) => id === asked);
    const view: View = {
      told,
      team,
      regions,
      timeZone: config.timeZone,
      typed: typed ?? (chosen ? typedOf(chosen, config.timeZone) : blank()),
      errors,
    };
    return reply.page((about) => <RulesPage page={about} view={view} />);
  };

  app.get(PATH, page('staff', { querystring: Type.Object({ rule: Text(40) }) }), async ({ query }, reply) =>
    show(reply, query.rule),
  );

  app.post(PATH, page(WRITERS, { body: Body }), async ({ body }, reply) => {
    const { wish, errors } = wishIn(body, config.timeZone);
    if (errors) return show(reply.code(422), undefined, body, errors);
    try {
      await inTransaction(db, (tx) => putRule(tx, wish, now()));
    } catch (error) {
      const fault = error instanceof AppError ? FAULTS[error.code] : undefined;
      if (!fault) throw error;
      return show(reply.code(422), undefined, body, { [fault.field]: say(fault.text) });
    }
    return sendOn(reply, PATH, 'desk.guidance.rules.saved');
  });

  app.post(`${PATH}/end`, page(WRITERS, { body: exactly({ id: Id }) }), async ({ body }, reply) => {
    await inTransaction(db, (tx) => endRule(tx, body.id, now()));
    return sendOn(reply, PATH, 'desk.guidance.rules.ended');
  });
};

const FAULTS: Record<string, { field: keyof Typed; text: Parameters<typeof say>[0] }> = {
  [guidanceErrors.owner_not_staff.code]: { field: 'owner', text: 'desk.guidance.rules.fault.owner' },
  [guidanceErrors.rules_full.code]: { field: 'metric', text: 'desk.guidance.rules.fault.full' },
  [guidanceErrors.rule_not_found.code]: { field: 'metric', text: 'desk.guidance.rules.fault.ended' },
};

const blank = (): Typed => ({ id: randomUUID(), metric: ANY, region: ANY, owner: '', muted: '' });

const dayIn = (at: Date, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);

function typedOf({ id, metric, region, ownerId, mutedUntil }: Rule, timeZone: string): Typed {
  const named = region === '' ? WHOLE : (region ?? ANY);
  const muted = mutedUntil ? dayIn(mutedUntil, timeZone) : '';
  return { id, metric: metric ?? ANY, region: named, owner: ownerId, muted };
}

function wishIn(
  { id, metric, region, owner, muted }: Typed,
  timeZone: string,
): { wish: RuleWish; errors?: never } | { wish?: never; errors: Errors } {
  const known = WATCHED.find((each) => each === metric);
  const mutedUntil = muted === '' ? null : dayBegins(muted, timeZone);
  const errors: Errors = {
    ...(!known && metric !== ANY && { metric: say('desk.guidance.rules.fault.metric') }),
    ...(!UUID.test(owner) && { owner: say('desk.guidance.rules.fault.owner') }),
    ...(mutedUntil === undefined && { muted: say('desk.guidance.rules.fault.day') }),
  };
  if (Object.keys(errors).length > 0 || mutedUntil === undefined) return { errors };
  const where = region === ANY ? null : region === WHOLE ? '' : region;
  return { wish: { id, metric: known ?? null, region: where, ownerId: owner, mutedUntil } };
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

function RulesPage({ page: about, view }: { page: Page; view: View }) {
  const mayWrite = mayEnter(about.viewer, WRITERS);
  return (
    <DeskShell page={about} title={t('desk.guidance.rules')}>
      <header class="desk-head">
        <h1>{t('desk.guidance.rules')}</h1>
        <p class="soft">{t('desk.guidance.rules.lead')}</p>
        <p>
          <a href="/desk/guidance">{t('desk.guidance.rules.back')}</a>
        </p>
      </header>
      {view.told.length === 0 ? (
        <EmptyState title={t('desk.guidance.rules.none.title')} text={t('desk.guidance.rules.none.text')} />
      ) : (
        <RuleTable page={about} view={view} mayWrite={mayWrite} />
      )}
      {mayWrite && <RuleForm view={view} />}
    </DeskShell>
  );
}

const metricName = (metric: string | null) => {
  const known = WATCHED.find((each) => each === metric);
  return known ? metricOf(known).title : t('desk.guidance.rules.any_metric');
};

function RuleTable({ page: { format }, view, mayWrite }: { page: Page; view: View; mayWrite: boolean }) {
  const { told, team, timeZone } = view;
  const region = (code: string | null) =>
    code === null ? t('desk.guidance.rules.any_region') : regionName(view, code);
  const what = ({ metric, region: code }: Rule) =>
    t('desk.guidance.name', { metric: metricName(metric), region: region(code) });
  return (
    <Table
      cards
      caption={t('desk.guidance.rules')}
      rows={told}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.guidance.what'),
          cell: (rule) => (mayWrite ? <a href={`${PATH}?rule=${rule.id}#set`}>{what(rule)}</a> : what(rule)),
        },
        {
          title: t('desk.guidance.rules.owner'),
          cell: ({ ownerId }) =>
            team.find(({ memberId }) => memberId === ownerId)?.name ?? t('desk.guidance.rules.gone'),
        },
        {
          title: t('desk.guidance.rules.muted'),
          cell: ({ mutedUntil }) => (mutedUntil ? format.day(dayIn(mutedUntil, timeZone)) : '–'),
        },
        ...(mayWrite
          ? [
              {
                title: t('desk.guidance.rules.end'),
                cell: (rule: Rule) => (
                  <form method="post" action={`${PATH}/end`}>
                    <input type="hidden" name="id" value={rule.id} />
                    <Button look="plain" aria-label={t('desk.guidance.rules.end_of', { what: what(rule) })}>
                      {t('desk.guidance.rules.end')}
                    </Button>
                  </form>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

function RuleForm({ view: { typed, errors, team, regions } }: { view: View }) {
  const countries = [...regions.values()].map(({ code, name }) => ({ value: code, label: name }));
  return (
    <section aria-labelledby="set">
      <h2 id="set">{t('desk.guidance.rules.set')}</h2>
      <form class="form" method="post" action={PATH}>
        <input type="hidden" name="id" value={typed.id} />
        <Select
          name="metric"
          label={t('desk.guidance.what')}
          value={typed.metric}
          error={errors.metric}
          options={[
            { value: ANY, label: t('desk.guidance.rules.any_metric') },
            ...WATCHED.map((name) => ({ value: name, label: metricOf(name).title })),
          ]}
        />
        <Select
          name="region"
          label={t('desk.guidance.rules.region')}
          value={typed.region}
          options={[
            { value: ANY, label: t('desk.guidance.rules.any_region') },
            { value: WHOLE, label: t('desk.guidance.all_regions') },
            ...countries,
          ]}
        />
        <Select
          name="owner"
          label={t('desk.guidance.rules.owner')}
          value={typed.owner}
          error={errors.owner}
          options={team.map(({ memberId, name }) => ({ value: memberId, label: name }))}
        />
        <Field
          name="muted"
          type="date"
          label={t('desk.guidance.rules.muted')}
          hint={t('desk.guidance.rules.muted.hint')}
          value={typed.muted}
          error={errors.muted}
          required={false}
        />
        <Button>{t('desk.guidance.rules.save')}</Button>
      </form>
    </section>
  );
}
