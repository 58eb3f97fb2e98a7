import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { carrierService, locationService, type ServiceLevel } from '#read/service-levels.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { page, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

const PERIODS = [7, 30, 90] as const;
const USUAL = 30;
const DAY_MS = 86_400_000;

/** How well each location and carrier serves, by one definition. */
export const servicePage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now, config }) => {
  const querystring = Type.Object({ days: Text(4) });
  app.get('/desk/service', page('staff', { querystring }), async ({ query }, reply) => {
    const days = PERIODS.find((each) => String(each) === query.days) ?? USUAL;
    const to = now();
    const from = new Date(to.getTime() - days * DAY_MS);
    const period = { from, to, now: to };
    const [places, carriers] = await Promise.all([
      locationService(reads, period),
      carrierService(reads, period),
    ]);
    return reply.page((about) => {
      const { format } = about;
      const day = (at: Date) => format.dateTime(at, config.timeZone);
      return (
        <DeskShell page={about} title={t('desk.service')}>
          <header class="desk-head">
            <h1>{t('desk.service')}</h1>
            <p class="soft">{t('desk.service.lead', { from: day(from), to: day(to) })}</p>
          </header>
          <nav class="presets" aria-label={t('desk.service.period')}>
            {PERIODS.map((each) => (
              <a
                key={each}
                href={`/desk/service?days=${each}`}
                aria-current={each === days ? 'page' : undefined}
              >
                {t('desk.service.days', { days: each })}
              </a>
            ))}
          </nav>
          {places.length === 0 ? (
            <EmptyState title={t('desk.service.none.title')} text={t('desk.service.none.text')} />
          ) : (
            <Levels title={t('desk.service.places')} id="places" levels={places} format={format} />
          )}
          {carriers.length > 0 && (
            <Levels title={t('desk.service.carriers')} id="carriers" levels={carriers} format={format} />
          )}
        </DeskShell>
      );
    });
  });
};

interface Props {
  id: string;
  title: string;
  levels: readonly ServiceLevel[];
  format: Format;
}

const SHARES = [
  ['fillRate', 'fill'],
  ['rejectionRate', 'rejection'],
  ['onTime', 'on_time'],
  ['inFull', 'in_full'],
  ['perfect', 'perfect'],
] as const;
const HOURS = [
  ['acceptHours', 'accept'],
  ['pickHours', 'pick'],
  ['shipHours', 'ship'],
  ['deliverHours', 'deliver'],
] as const;

function Levels({ id, title, levels, format }: Props) {
  const percent = (share: number | null) => (share === null ? t('desk.service.none') : format.percent(share));
  const hours = (span: [number, number] | null) =>
    span === null
      ? t('desk.service.none')
      : t('desk.service.hours', { median: span[0].toFixed(1), ninetieth: span[1].toFixed(1) });
  const kind = (name: string) =>
    name === 'store' || name === 'warehouse' || name === 'supplier'
      ? t(`desk.service.kind.${name}`)
      : t('desk.fulfilment.carrier');
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Table
        caption={title}
        rows={levels}
        rowKey={(level) => level.id}
        columns={[
          { title, cell: ({ name }) => name },
          { title: t('desk.service.kind'), cell: (level) => kind(level.kind) },
          { title: t('desk.service.assigned'), figures: true, cell: ({ parts }) => format.number(parts) },
          ...SHARES.map(([figure, name]) => ({
            title: say(`desk.service.${name}`),
            hint: say(`desk.service.${name}.hint`),
            figures: true,
            cell: (level: ServiceLevel) => percent(level[figure]),
          })),
          ...HOURS.map(([figure, name]) => ({
            title: say(`desk.service.${name}`),
            hint: t('desk.service.hours.hint'),
            figures: true,
            cell: (level: ServiceLevel) => hours(level[figure]),
          })),
        ]}
      />
    </section>
  );
}
