import type { arrivals, deadLetters, lettersByReason, Source, waiting } from '#modules/collector/index.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { isPlainKey, say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';

export type Arrived = Awaited<ReturnType<typeof arrivals>>;
/** What was typed into the form of a source. */
export interface TypedSource {
  id: string;
  name: string;
  kind: Source['kind'];
  touchpoint: string;
  origins: string;
}
export type SourceErrors = Partial<Record<'name' | 'touchpoint' | 'origins', string>>;

export interface CollectorFacts {
  found: Source[];
  /** Undefined while ClickHouse is away. */
  arrived: Arrived | undefined;
  held: Awaited<ReturnType<typeof waiting>>;
  letters: Awaited<ReturnType<typeof lettersByReason>>;
  latest: Awaited<ReturnType<typeof deadLetters>>;
  typed: TypedSource;
  errors: SourceErrors;
  timeZone: string;
}

const KINDS = ['browser', 'server', 'partner'] as const;
const LEDGERS = '00000000-0000-0000-0000-000000000000';

export function reasonName(reason: string): string {
  const key = `desk.collector.reason.${reason}`;
  return isPlainKey(key) ? say(key) : reason;
}

const nameIn = (found: Source[], id: string): string =>
  id === LEDGERS ? t('desk.collector.ledgers') : (found.find((source) => source.id === id)?.name ?? id);

export function CollectorView({ page: about, view }: { page: Page; view: CollectorFacts }) {
  const { found, held, typed, errors } = view;
  return (
    <DeskShell page={about} title={t('desk.collector')}>
      <header class="desk-head">
        <h1>{t('desk.collector')}</h1>
        <p class="soft">{t('desk.collector.lead')}</p>
      </header>
      {held.events > 0 && (
        <Notice title={t('desk.collector.waiting.title')}>
          {t('desk.collector.waiting.text', { count: held.events })}
        </Notice>
      )}
      <section>
        <h2>{t('desk.collector.sources')}</h2>
        {found.length === 0 ? (
          <EmptyState title={t('desk.collector.none.title')} text={t('desk.collector.none.text')} />
        ) : (
          <Sources view={view} format={about.format} />
        )}
      </section>
      <section>
        <h2>{t('desk.collector.add')}</h2>
        <SourceForm typed={typed} errors={errors} />
      </section>
      <section>
        <h2>{t('desk.collector.letters')}</h2>
        {view.letters.length === 0 ? (
          <EmptyState
            title={t('desk.collector.letters.none.title')}
            text={t('desk.collector.letters.none.text')}
          />
        ) : (
          <Letters view={view} format={about.format} />
        )}
        {view.arrived && view.arrived.length > 0 && <Hours view={view} format={about.format} />}
      </section>
    </DeskShell>
  );
}

interface Part {
  view: CollectorFacts;
  format: Format;
}

function Sources({ view: { found, arrived, letters }, format }: Part) {
  const sum = (id: string, of: 'arrivals' | 'bots') =>
    arrived
      ? format.number(
          arrived.filter(({ sourceId }) => sourceId === id).reduce((total, row) => total + row[of], 0),
        )
      : '–';
  const aside = (id: string) =>
    letters.filter(({ sourceId }) => sourceId === id).reduce((total, row) => total + row.letters, 0);
  return (
    <Table
      caption={t('desk.collector.sources')}
      rows={found}
      rowKey={({ id }) => id}
      columns={[
        { title: t('desk.collector.name'), cell: ({ name }) => name },
        { title: t('desk.collector.kind'), cell: ({ kind }) => t(`desk.collector.kind.${kind}`) },
        { title: t('desk.collector.touchpoint'), cell: ({ touchpoint }) => touchpointName(touchpoint) },
        { title: t('desk.collector.key'), cell: ({ writeKey }) => <code>{writeKey}</code> },
        { title: t('desk.collector.day'), figures: true, cell: ({ id }) => sum(id, 'arrivals') },
        { title: t('desk.collector.bots'), figures: true, cell: ({ id }) => sum(id, 'bots') },
        {
          title: t('desk.collector.set_aside'),
          figures: true,
          cell: ({ id }) => format.number(aside(id)),
        },
        { title: t('desk.collector.revoke'), cell: (source) => <Revoke source={source} /> },
      ]}
    />
  );
}

const Revoke = ({ source: { id, name, revokedAt } }: { source: Source }) =>
  revokedAt ? (
    <span>{t('desk.collector.revoked')}</span>
  ) : (
    <form method="post" action={`/desk/collector/sources/${id}/revoke`}>
      <Button look="plain" aria-label={t('desk.collector.revoke.label', { name })}>
        {t('desk.collector.revoke')}
      </Button>
    </form>
  );

const SourceForm = ({ typed, errors }: { typed: TypedSource; errors: SourceErrors }) => (
  <form method="post" action="/desk/collector" class="form panel admin-form">
    <input type="hidden" name="id" value={typed.id} />
    <Field
      name="name"
      label={t('desk.collector.name')}
      value={typed.name}
      error={errors.name}
      required
      input={{ maxlength: 100 }}
    />
    <Select
      name="kind"
      label={t('desk.collector.kind')}
      value={typed.kind}
      options={KINDS.map((kind) => ({ value: kind, label: t(`desk.collector.kind.${kind}`) }))}
    />
    <Field
      name="touchpoint"
      label={t('desk.collector.touchpoint')}
      hint={t('desk.collector.touchpoint.hint')}
      value={typed.touchpoint}
      error={errors.touchpoint}
      required
    />
    <TextArea
      name="origins"
      label={t('desk.collector.origins')}
      hint={t('desk.collector.origins.hint')}
      value={typed.origins}
      error={errors.origins}
      rows={3}
    />
    <Button>{t('desk.collector.save')}</Button>
  </form>
);

function Letters({ view: { found, letters, latest, timeZone }, format }: Part) {
  return (
    <>
      <Table
        caption={t('desk.collector.letters')}
        rows={letters}
        rowKey={({ sourceId, reason }) => `${sourceId} ${reason}`}
        columns={[
          { title: t('desk.collector.reason'), cell: ({ reason }) => reasonName(reason) },
          { title: t('desk.collector.source'), cell: ({ sourceId }) => nameIn(found, sourceId) },
          {
            title: t('desk.collector.count'),
            figures: true,
            cell: (row) => format.number(row.letters),
          },
        ]}
      />
      <h3>{t('desk.collector.letters.list')}</h3>
      <Table
        caption={t('desk.collector.letters.list')}
        rows={latest}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('desk.collector.event'),
            cell: ({ id, name, kind }) => <a href={`/desk/collector/letters/${id}`}>{name || kind}</a>,
          },
          { title: t('desk.collector.reason'), cell: ({ reason }) => reasonName(reason) },
          { title: t('desk.collector.place'), cell: ({ place }) => <code>{place || '–'}</code> },
          { title: t('desk.collector.source'), cell: ({ sourceId }) => nameIn(found, sourceId) },
          {
            title: t('desk.collector.came'),
            cell: ({ receivedAt }) => momentName(format, receivedAt, timeZone),
          },
          { title: t('desk.collector.times'), figures: true, cell: ({ times }) => format.number(times) },
        ]}
      />
    </>
  );
}

const Hours = ({ view: { found, arrived = [], timeZone }, format }: Part) => (
  <>
    <h2>{t('desk.collector.hours')}</h2>
    <Table
      caption={t('desk.collector.hours')}
      rows={arrived.slice(0, 200)}
      rowKey={({ sourceId, hour }) => `${sourceId} ${hour}`}
      columns={[
        {
          title: t('desk.collector.hour'),
          cell: ({ hour }) => momentName(format, new Date(hour), timeZone),
        },
        { title: t('desk.collector.source'), cell: ({ sourceId }) => nameIn(found, sourceId) },
        {
          title: t('desk.collector.arrivals'),
          figures: true,
          cell: (row) => format.number(row.arrivals),
        },
        { title: t('desk.collector.bots'), figures: true, cell: ({ bots }) => format.number(bots) },
      ]}
    />
  </>
);
