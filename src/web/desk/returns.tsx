import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { returnsIn, returnsWaiting } from '#modules/orders/index.ts';
import type { Deps } from '#platform/module.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, Text } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';

const PATH = '/desk/returns';
const PAGE = 50;
const STATES = ['requested', 'approved', 'received', 'inspected', 'closed', 'refused', 'cancelled'] as const;
const Filters = Type.Object({ state: Text(20), after: Text(80) });

/** Returns and claims by how far they are, those first that wait longest. */
export const returnsPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config, now }) => {
  app.get(PATH, page('staff', { querystring: Filters }), async ({ query }, reply) => {
    const state = STATES.find((each) => each === query.state) ?? 'requested';
    const found = await returnsIn(reads, { state, after: cursorOf(query.after), limit: PAGE + 1 });
    const waiting = await returnsWaiting(reads);
    const rows = found.slice(0, PAGE);
    const last = rows.at(-1);
    const after = found.length > PAGE && last ? `${last.requestedAt.getTime()}_${last.id}` : undefined;
    const today = now().toISOString().slice(0, 10);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.returns')}>
        <header class="desk-head">
          <h1>{t('desk.returns')}</h1>
          <p class="soft">{t('desk.returns.lead')}</p>
        </header>
        <nav class="presets" aria-label={t('desk.returns.states')}>
          {STATES.map((each) => (
            <a
              key={each}
              href={addressOf(PATH, { state: each })}
              aria-current={each === state ? 'page' : undefined}
            >
              {say(`desk.returns.state.${each}`)}
              {waiting[each] !== undefined && ` (${waiting[each]})`}
            </a>
          ))}
        </nav>
        {rows.length === 0 ? (
          <EmptyState title={t('desk.returns.none.title')} text={t('desk.returns.none.text')} />
        ) : (
          <Table
            caption={t('desk.returns')}
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('desk.returns.order'),
                cell: ({ id, orderNumber }) => <a href={`${PATH}/${id}`}>{orderNumber}</a>,
              },
              { title: t('desk.returns.kind'), cell: ({ kind }) => say(`desk.returns.kind.${kind}`) },
              { title: t('desk.returns.units'), figures: true, cell: ({ units }) => units },
              {
                title: t('desk.returns.since'),
                cell: ({ requestedAt }) => momentName(about.format, requestedAt, config.timeZone),
              },
              {
                title: t('desk.returns.due'),
                cell: ({ dueOn, state: is }) =>
                  dueOn &&
                  (is === 'approved' && dueOn < today
                    ? t('desk.returns.overdue', { day: dayName(about.format, dueOn) })
                    : dayName(about.format, dueOn)),
              },
            ]}
          />
        )}
        {after && (
          <div class="actions">
            <ButtonLink href={addressOf(PATH, { state, after })} look="plain">
              {t('desk.returns.more')}
            </ButtonLink>
          </div>
        )}
      </DeskShell>
    ));
  });
};

function cursorOf(after: string): { at: Date; id: string } | undefined {
  const [, at, id] = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? [];
  return at !== undefined && id !== undefined ? { at: new Date(Number(at)), id } : undefined;
}
