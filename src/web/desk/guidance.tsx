import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  type Adjustment,
  adjustments,
  decide,
  type Finding,
  type FindingDay,
  findings,
  type FindingState,
  guidanceErrors,
  latestPriceLook,
  PACE_WEEKS,
  type PriceLook,
} from '#modules/guidance/index.ts';
import { actorOf, namesOf } from '#modules/identity/index.ts';
import { type Access, mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { dayName } from './figures.tsx';
import { AdjustmentList } from './guidance-adjustments.tsx';
import { PriceLookWords } from './guidance-price.tsx';
import { changed, findingName, type Names, namesFor, roundedText, worst } from './guidance-words.ts';
import { DeskShell } from './shell.tsx';

/** Who answers for goods and stores: as the API's route says. */
const DECIDERS = ['staff:merchant', 'staff:operations'] as const satisfies Access;
const STATES = ['open', 'over', 'withdrawn'] as const satisfies FindingState[];
const FINDINGS_SHOWN = 100;
const ADJUSTMENTS_SHOWN = 30;

type Found = Finding & { days: FindingDay[] };
interface View {
  state: FindingState;
  found: Found[];
  proposed: Adjustment[];
  names: Names;
  mayDecide: boolean;
  unreasoned: string | undefined;
  timeZone: string;
  people: Map<string, string>;
  look: PriceLook | undefined;
}

/** What is out of the ordinary, and what would help. */
export const guidancePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, config, now } = deps;
  const show = async (
    { viewer }: Pick<FastifyRequest, 'viewer'>,
    reply: FastifyReply,
    state: FindingState,
    unreasoned?: string,
  ) => {
    const [found, open, accepted, declined] = await Promise.all([
      findings(reads, { state, limit: FINDINGS_SHOWN }),
      ...(['open', 'accepted', 'declined'] as const).map((each) =>
        adjustments(reads, { state: each, limit: ADJUSTMENTS_SHOWN }),
      ),
    ]);
    const proposed = [...(open ?? []), ...(accepted ?? []), ...(declined ?? [])];
    const actors = proposed.flatMap(({ decision }) => (decision ? [decision.actor] : []));
    const [names, people, look] = await Promise.all([
      namesFor({ db, reads }, { found: proposed }),
      namesOf(reads, actors),
      latestPriceLook(reads),
    ]);
    const mayDecide = mayEnter(viewer, DECIDERS);
    const told = { names, people, look, timeZone: config.timeZone };
    const view = { state, found, proposed, mayDecide, unreasoned, ...told };
    return reply.page((about) => <GuidanceView page={about} view={view} />);
  };

  app.get(
    '/desk/guidance',
    page('staff', { querystring: Type.Object({ state: Text(20) }) }),
    (request, reply) => show(request, reply, STATES.find((each) => each === request.query.state) ?? 'open'),
  );

  app.post(
    '/desk/guidance/decisions',
    page(DECIDERS, {
      body: exactly({
        id: Id,
        adjustment: Id,
        verdict: Type.Enum(['accepted', 'declined']),
        reason: Text(500),
      }),
    }),
    async (request, reply) => {
      const { id, adjustment: adjustmentId, verdict, reason: typed } = request.body;
      const reason = typed.trim();
      if (verdict === 'declined' && reason === '')
        return show(request, reply.code(422), 'open', adjustmentId);
      const decision = { id, adjustmentId, verdict, reason };
      try {
        await inTransaction(db, (tx) => decide(tx, actorOf(request.viewer), decision, now()));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== guidanceErrors.adjustment_not_open.code)
          throw error;
        return sendOn(reply, '/desk/guidance', 'desk.guidance.was_not_open');
      }
      return sendOn(reply, '/desk/guidance', 'desk.guidance.was_decided');
    },
  );
};

function GuidanceView({ page: about, view }: { page: Page; view: View }) {
  const { state, found, proposed } = view;
  const open = proposed.filter((each) => each.state === 'open');
  const decided = proposed.filter((each) => each.state !== 'open');
  const list = { ...view, format: about.format };
  return (
    <DeskShell page={about} title={t('desk.guidance')}>
      <header class="desk-head">
        <h1>{t('desk.guidance')}</h1>
        <p class="soft">{t('desk.guidance.lead')}</p>
        <p>
          <a href="/desk/guidance/rules">{t('desk.guidance.rules')}</a>
        </p>
      </header>
      {view.unreasoned !== undefined && <Notice kind="error">{t('desk.guidance.reason.error')}</Notice>}
      <section aria-labelledby="findings">
        <h2 id="findings">{t('desk.guidance.findings')}</h2>
        <nav aria-label={t('desk.guidance.states')}>
          <ul class="guidance-states">
            {STATES.map((each) => (
              <li key={each}>
                <a href={`/desk/guidance?state=${each}`} aria-current={each === state ? 'page' : undefined}>
                  {t(`desk.guidance.state.${each}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {found.length === 0 ? (
          <EmptyState
            title={t(`desk.guidance.none.${state}.title`)}
            text={t(`desk.guidance.none.${state}.text`)}
          />
        ) : (
          <FindingTable page={about} view={view} />
        )}
      </section>
      <section aria-labelledby="adjustments">
        <h2 id="adjustments">{t('desk.guidance.adjustments')}</h2>
        <p class="soft">{t('desk.guidance.adjustments.lead', { weeks: PACE_WEEKS })}</p>
        {view.look && <PriceLookWords look={view.look} format={about.format} />}
        {open.length === 0 ? (
          <EmptyState
            title={t('desk.guidance.adjustments.none.title')}
            text={t('desk.guidance.adjustments.none.text')}
          />
        ) : (
          <AdjustmentList {...list} found={open} />
        )}
      </section>
      {decided.length > 0 && (
        <section aria-labelledby="decided">
          <h2 id="decided">{t('desk.guidance.decided')}</h2>
          <AdjustmentList {...list} found={decided} />
        </section>
      )}
    </DeskShell>
  );
}

function FindingTable({ page: { format }, view: { found, names } }: { page: Page; view: View }) {
  const told = (finding: Found, of: (day: FindingDay) => number) => {
    const day = worst(finding);
    return day ? roundedText({ format, currency: finding.currency }, finding.metric, of(day)) : '–';
  };
  return (
    <Table
      cards
      caption={t('desk.guidance.findings')}
      rows={found}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.guidance.what'),
          cell: (finding) => <a href={`/desk/guidance/${finding.id}`}>{findingName(names, finding)}</a>,
        },
        {
          title: t('desk.guidance.since'),
          cell: ({ fromDay, lastDay }) =>
            fromDay === lastDay
              ? dayName(format, fromDay)
              : t('desk.guidance.days', { from: dayName(format, fromDay), to: dayName(format, lastDay) }),
        },
        {
          title: t('desk.guidance.judged'),
          cell: (finding) => t(worst(finding)?.span === 7 ? 'desk.guidance.span.7' : 'desk.guidance.span.1'),
        },
        {
          title: t('desk.guidance.observed'),
          figures: true,
          cell: (finding) => told(finding, ({ observed }) => observed),
        },
        {
          title: t('desk.guidance.expected'),
          figures: true,
          cell: (finding) => told(finding, ({ expected }) => expected),
        },
        {
          title: t('desk.guidance.away'),
          figures: true,
          cell: (finding) => {
            const day = worst(finding);
            const teller = { format, currency: finding.currency };
            return day ? changed(teller, finding.metric, day.observed - day.expected) : '–';
          },
        },
      ]}
    />
  );
}
