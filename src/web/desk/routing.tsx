import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { RULE_NAMES, type RuleName } from '#modules/guidance/index.ts';
import { namesOf } from '#modules/identity/index.ts';
import {
  type Senders,
  sendersAt,
  publishRules,
  routingErrors,
  ruleSets,
  rulesInForce,
  type RuleSet,
  type StoredRuleSet,
} from '#modules/routing/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { type DryRun, dryRun } from '#read/dry-run.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { type RuleErrors, RulesBody, rulesOf, type TypedRules, typedOf } from './routing-form.ts';
import { RulesForm } from './routing-fields.tsx';
import { Tried } from './routing-tried.tsx';
import { DeskShell } from './shell.tsx';

const SHOWN = 20;
const AUTHORS = 'staff:operations';
const SPLITS = ['never', 'between_lines', 'within_line'] as const;

interface View {
  versions: StoredRuleSet[];
  inForce: StoredRuleSet;
  names: Map<string, string>;
  senders: Senders;
  currency: string;
  timeZone: string;
}

interface Entered {
  typed: TypedRules;
  errors: RuleErrors;
  /** The form has a change that was proposed. */
  isProposed?: boolean;
  /** What is wrong with the whole. */
  fault?: string;
  /** What the last month would have been by them. */
  tried?: DryRun;
}

/** The rules by which orders find their locations: all staff see them, operations changes them. */
export const routingPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/desk/routing',
    page('staff', {
      querystring: Type.Object({ rule: Type.Optional(Type.Enum([...RULE_NAMES])), to: Text(20) }),
    }),
    async ({ query: { rule, to } }, reply) => {
      const view = await read(deps);
      return show(reply, view, rule && to !== '' ? proposed(view, rule, to) : undefined);
    },
  );

  const publish = async (
    { viewer, body }: Pick<FastifyRequest<{ Body: TypedRules }>, 'viewer' | 'body'>,
    reply: FastifyReply,
    onTrial: boolean,
  ) => {
    const { db, now } = deps;
    const view = await read(deps);
    const { rules, errors } = rulesOf(body, namedIn(view));
    if (errors) return show(reply.code(422), view, { typed: body, errors });
    const about = { over: body.over, note: body.note.trim(), publishedBy: viewer.memberId ?? null, onTrial };
    try {
      await inTransaction(db, (tx) => publishRules(tx, rules, { ...about, at: now() }));
    } catch (error) {
      const isLate = error instanceof AppError && error.code === routingErrors.rules_changed.code;
      if (!isLate) throw error;
      const [newest] = view.versions;
      const typed = { ...body, over: newest?.version ?? body.over };
      return show(reply.code(409), view, { typed, errors: {}, fault: t('desk.routing.late') });
    }
    return sendOn(reply, '/desk/routing', onTrial ? 'desk.routing.kept' : 'desk.routing.published');
  };

  app.post('/desk/routing', page(AUTHORS, { body: RulesBody }), (request, reply) =>
    publish(request, reply, false),
  );

  // From the same form: other rules, for an experiment to try on a part of the orders.
  app.post('/desk/routing/keep', page(AUTHORS, { body: RulesBody }), (request, reply) =>
    publish(request, reply, true),
  );

  app.post('/desk/routing/try', page(AUTHORS, { body: RulesBody }), async ({ body }, reply) => {
    const view = await read(deps);
    const { rules, errors } = rulesOf(body, namedIn(view));
    if (errors) return show(reply.code(422), view, { typed: body, errors });
    return show(reply, view, { typed: body, errors: {}, tried: await tryOut(deps, rules) });
  });
};

/** The rules in force with one changed: it is checked when it is sent, as anything that is typed. */
function proposed(
  { versions: [newest], inForce, currency }: View,
  rule: RuleName,
  to: string,
): Entered | undefined {
  const typed = typedOf(inForce.rules, newest?.version ?? inForce.version, currency);
  const split = SPLITS.find((each) => each === to);
  if (rule === 'split') return split && { typed: { ...typed, split }, errors: {}, isProposed: true };
  return { typed: { ...typed, [rule]: to }, errors: {}, isProposed: true };
}

const TRIED_DAYS = 30;

async function tryOut({ reads, now }: Deps, rules: RuleSet): Promise<DryRun> {
  const to = now();
  return dryRun(reads, rules, { from: new Date(to.getTime() - TRIED_DAYS * 86_400_000), to });
}

const namedIn = ({ senders: { locations }, currency }: View) => ({
  codes: new Set(locations.map(({ code }) => code)),
  groups: new Set(locations.map(({ group }) => group)),
  currency,
});

async function read({ db, reads, now, config: { timeZone } }: Deps): Promise<View> {
  const versions = await ruleSets(db, SHOWN);
  const people = versions.flatMap(({ publishedBy }) => (publishedBy ? [`member:${publishedBy}`] : []));
  return {
    versions,
    inForce: await rulesInForce(reads),
    names: await namesOf(reads, [...new Set(people)]),
    senders: await sendersAt(reads, now()),
    currency: await marketplaceCurrency(reads),
    timeZone,
  };
}

function show(reply: FastifyReply, view: View, entered?: Entered) {
  const { inForce } = view;
  const [newest = inForce] = view.versions;
  const { typed, errors, fault, tried, isProposed }: Entered = entered ?? {
    typed: typedOf(inForce.rules, newest.version, view.currency),
    errors: {},
  };
  const count = Object.keys(errors).length;
  return reply.page((about) => (
    <DeskShell page={about} title={t('desk.routing')}>
      <header class="desk-head">
        <h1>{t('desk.routing')}</h1>
        <p class="soft">{t('desk.routing.lead')}</p>
      </header>
      {isProposed && <Notice kind="info">{t('desk.routing.proposed')}</Notice>}
      {fault && <Notice kind="error">{fault}</Notice>}
      {count > 0 && <Notice kind="error">{t('desk.routing.errors', { count })}</Notice>}
      {tried && <Tried tried={tried} days={TRIED_DAYS} currency={view.currency} format={about.format} />}
      <RulesForm
        typed={typed}
        errors={errors}
        currency={view.currency}
        mayPublish={mayEnter(about.viewer, AUTHORS)}
      />
      <Locations page={about} senders={view.senders} />
      <Versions page={about} view={view} />
    </DeskShell>
  ));
}

/** The locations as an order of this moment would find them. */
function Locations({ page: { format }, senders: { locations } }: { page: Page; senders: Senders }) {
  return (
    <section aria-labelledby="locations">
      <h2 id="locations">{t('desk.routing.locations')}</h2>
      <Table
        caption={t('desk.routing.locations')}
        rows={locations}
        rowKey={({ locationId }) => locationId}
        columns={[
          { title: t('desk.routing.code'), cell: ({ code }) => code },
          { title: t('desk.routing.kind'), cell: ({ kind }) => t(`desk.routing.kind.${kind}`) },
          { title: t('desk.routing.group'), cell: ({ group }) => group },
          { title: t('desk.routing.leaves'), cell: ({ leavesOn }) => format.day(leavesOn) },
          { title: t('desk.routing.taken'), figures: true, cell: ({ load }) => format.percent(load) },
        ]}
      />
    </section>
  );
}

function Versions({ page: { format }, view }: { page: Page; view: View }) {
  const { versions, inForce, names, timeZone } = view;
  const author = (id: string | null) =>
    id === null
      ? t('desk.audit.system')
      : (names.get(`member:${id}`) ?? t('desk.audit.nameless', { kind: 'member', number: id.slice(-6) }));
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{t('desk.routing.versions')}</h2>
      <Table
        caption={t('desk.routing.versions')}
        rows={versions}
        rowKey={({ version }) => String(version)}
        columns={[
          { title: t('desk.routing.version'), figures: true, cell: ({ version }) => version },
          {
            title: t('desk.routing.use'),
            cell: ({ version, onTrial }) =>
              t(
                onTrial
                  ? 'desk.routing.on_trial'
                  : version === inForce.version
                    ? 'desk.routing.in_force'
                    : 'desk.routing.replaced',
              ),
          },
          {
            title: t('desk.routing.when'),
            cell: ({ publishedAt }) => momentName(format, publishedAt, timeZone, { year: 'numeric' }),
          },
          { title: t('desk.routing.who'), cell: ({ publishedBy }) => author(publishedBy) },
          { title: t('desk.routing.note'), cell: ({ note }) => note },
        ]}
      />
    </section>
  );
}
