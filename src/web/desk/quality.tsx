import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  arrivalsOf,
  FAULTS,
  type Feed,
  type FeedHour,
  feeds,
  type Finding,
  findings,
  HISTORY_MIN,
  lastHours,
  LEDGERS,
  type Measure,
  median,
  muteFault,
  sourceFeed,
} from '#modules/quality/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { isPlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { ArrivalsPanel, ArrivalsQuery, type ArrivalsView } from './quality-arrivals.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/quality';
const MUTE_DAYS = 7;
const CLOSED_SHOWN = 30;
const OPEN_SHOWN = 200;

const Body = exactly({ feed: Text(80), fault: Type.Enum([...FAULTS]), act: Type.Enum(['mute', 'tell']) });

interface View {
  watched: Feed[];
  hours: FeedHour[];
  open: Finding[];
  closed: Finding[];
  arrivals: ArrivalsView;
  timeZone: string;
}

/** Whether data comes and goes as usual, feed by feed. */
export const qualityPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  app.get(PATH, page('staff:admin', { querystring: ArrivalsQuery }), async ({ query }, reply) => {
    const { feed = sourceFeed(LEDGERS), by = 'hour' } = query;
    const [watched, hours, open, closed, points] = await Promise.all([
      feeds(db),
      lastHours(reads, config.timeZone),
      findings(reads, 'open', now(), OPEN_SHOWN),
      findings(reads, 'closed', now(), CLOSED_SHOWN),
      arrivalsOf(reads, { feed, by }, config.timeZone),
    ]);
    const { timeZone } = config;
    const arrivals = { feed, by, points, timeZone };
    const view: View = { watched, hours, open, closed, arrivals, timeZone };
    return reply.page((about) => <QualityView page={about} view={view} />);
  });

  app.post(`${PATH}/mutes`, page('staff:admin', { body: Body }), async ({ viewer, body }, reply) => {
    const { feed, fault, act } = body;
    const days = act === 'mute' ? MUTE_DAYS : 0;
    await inTransaction(db, (tx) => muteFault(tx, actorOf(viewer), { feed, fault, days }, now()));
    return sendOn(reply, PATH, act === 'mute' ? 'desk.quality.muted.done' : 'desk.quality.unmuted.done');
  });
};

function QualityView({ page: about, view }: { page: Page; view: View }) {
  const { format } = about;
  return (
    <DeskShell page={about} title={t('desk.quality')}>
      <header class="desk-head">
        <h1>{t('desk.quality')}</h1>
        <p class="soft">{t('desk.quality.lead')}</p>
      </header>
      <section class="panel" aria-labelledby="open">
        <h2 id="open">{t('desk.quality.open')}</h2>
        {view.open.length === 0 ? (
          <EmptyState title={t('desk.quality.open.none.title')} text={t('desk.quality.open.none.text')} />
        ) : (
          <Findings id="open" found={view.open} view={view} format={format} />
        )}
      </section>
      <ArrivalsPanel
        view={view.arrivals}
        offered={view.watched
          .filter(({ kind }) => kind !== 'follower')
          .map(({ id }) => ({ id, name: nameOf(view.watched, id) }))}
        format={format}
      />
      <section class="panel" aria-labelledby="feeds">
        <h2 id="feeds">{t('desk.quality.feeds')}</h2>
        {view.hours.length === 0 ? (
          <p class="soft">{t('desk.quality.feeds.none')}</p>
        ) : (
          <Feeds view={view} format={format} />
        )}
        <h3>{t('desk.quality.method')}</h3>
        <p class="soft small">{t('desk.quality.method.text')}</p>
      </section>
      <section class="panel" aria-labelledby="closed">
        <h2 id="closed">{t('desk.quality.closed')}</h2>
        {view.closed.length === 0 ? (
          <p class="soft">{t('desk.quality.closed.none')}</p>
        ) : (
          <Findings id="closed" found={view.closed} view={view} format={format} />
        )}
      </section>
    </DeskShell>
  );
}

function nameOf(watched: readonly Feed[], id: string): string {
  if (id === sourceFeed(LEDGERS)) return t('desk.quality.ledgers');
  const key = `desk.quality.${id.replace(':', '.')}`;
  if (id.startsWith('follower:') && isPlainKey(key)) return say(key);
  return watched.find((feed) => feed.id === id)?.name ?? t('desk.quality.gone');
}

function Feeds({ view: { watched, hours }, format }: { view: View; format: Format }) {
  const of = (feed: string, measure: Measure) =>
    hours.find((hour) => hour.feed === feed && hour.measure === measure);
  const column = (measure: Measure, isShare: boolean) => ({
    title: say(`desk.quality.${measure}`),
    figures: true,
    cell: ({ id }: Feed) =>
      beside(of(id, measure), (value) => (isShare ? format.percent(value) : format.number(value, 0))),
  });
  return (
    <Table
      caption={t('desk.quality.feeds')}
      rows={watched}
      rowKey={({ id }) => id}
      columns={[
        { title: t('desk.quality.feed'), cell: ({ id }) => nameOf(watched, id) },
        { ...column('arrivals', false), hint: t('desk.quality.arrivals.hint') },
        { ...column('delay', false), hint: t('desk.quality.delay.hint') },
        column('duplicates', true),
        { ...column('unmatched', true), hint: t('desk.quality.unmatched.hint') },
        column('failures', true),
      ]}
    />
  );
}

/** What the last hour was, and what is usual. */
function beside(hour: FeedHour | undefined, shown: (value: number) => string): string {
  if (!hour) return t('desk.quality.nothing');
  const value = shown(hour.value);
  return hour.history.length < HISTORY_MIN
    ? t('desk.quality.learning', { value })
    : t('desk.quality.beside', { value, usual: shown(median(hour.history)) });
}

interface FindingsProps {
  id: 'open' | 'closed';
  found: readonly Finding[];
  view: View;
  format: Format;
}

function Findings({ id, found, view: { watched, timeZone }, format }: FindingsProps) {
  const figure = (value: number) => format.number(value, 3);
  return (
    <Table
      caption={t(id === 'open' ? 'desk.quality.open' : 'desk.quality.closed')}
      rows={found}
      rowKey={(finding) => finding.id}
      columns={[
        { title: t('desk.quality.fault'), cell: ({ fault }) => t(`desk.quality.fault.${fault}`) },
        { title: t('desk.quality.feed'), cell: ({ feed }) => nameOf(watched, feed) },
        { title: t('desk.quality.subject'), cell: ({ subject }) => subject },
        { title: t('desk.quality.value'), figures: true, cell: ({ value }) => figure(value) },
        { title: t('desk.quality.usual'), figures: true, cell: ({ expected }) => figure(expected) },
        { title: t('desk.quality.since'), cell: ({ openedAt }) => format.dateTime(openedAt, timeZone) },
        id === 'open'
          ? {
              title: t('desk.quality.telling'),
              cell: (finding: Finding) => <Mute finding={finding} feed={nameOf(watched, finding.feed)} />,
            }
          : {
              title: t('desk.quality.until'),
              cell: ({ closedAt }: Finding) => closedAt && format.dateTime(closedAt, timeZone),
            },
      ]}
    />
  );
}

function Mute({ finding, feed }: { finding: Finding; feed: string }) {
  const told = { fault: t(`desk.quality.fault.${finding.fault}`), feed };
  return (
    <form method="post" action={`${PATH}/mutes`}>
      <input type="hidden" name="feed" value={finding.feed} />
      <input type="hidden" name="fault" value={finding.fault} />
      <input type="hidden" name="act" value={finding.isMuted ? 'tell' : 'mute'} />
      <Button
        look="plain"
        aria-label={
          finding.isMuted ? t('desk.quality.unmute.label', told) : t('desk.quality.mute.label', told)
        }
      >
        {t(finding.isMuted ? 'desk.quality.unmute' : 'desk.quality.mute')}
      </Button>
    </form>
  );
}
