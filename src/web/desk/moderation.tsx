import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CAUSES, MODERATORS, queue, type QueueLine, waiting } from '#modules/safety/index.ts';
import type { Deps } from '#platform/module.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';

const PATH = '/desk/moderation';
const PAGE = 40;
const CURSOR = /^\d{1,9}_\d{1,18}_[\da-f-]{36}$/;
const Filters = Type.Object({ cause: Text(20), after: Text(80) });

/** What members reported, checks held and authors appealed against: the most pressing first. */
export const moderationPage: FastifyPluginAsyncTypebox<Deps> = async (
  app,
  { reads, config: { timeZone } },
) => {
  app.get(PATH, page(MODERATORS, { querystring: Filters }), async ({ query }, reply) => {
    const cause = CAUSES.find((each) => each === query.cause);
    const [found, counts] = await Promise.all([
      queue(reads, { limit: PAGE, cause, cursor: CURSOR.exec(query.after)?.[0] }),
      waiting(reads),
    ]);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.moderation')}>
        <header class="desk-head">
          <h1>{t('desk.moderation')}</h1>
          <p class="soft">{t('desk.moderation.lead')}</p>
          <p>
            <a href={`${PATH}/rules`}>{t('desk.rules')}</a>
          </p>
        </header>
        <nav class="presets" aria-label={t('desk.moderation.causes')}>
          {(['all', ...CAUSES] as const).map((each) => (
            <a
              key={each}
              href={each === 'all' ? PATH : addressOf(PATH, { cause: each })}
              aria-current={each === (cause ?? 'all') ? 'page' : undefined}
            >
              {t(`desk.moderation.cause.${each}`)} ({about.format.number(counts[each])})
            </a>
          ))}
        </nav>
        {found.concerns.length === 0 ? (
          <EmptyState title={t('desk.moderation.none.title')} text={t('desk.moderation.none.text')} />
        ) : (
          <Lines page={about} lines={found.concerns} timeZone={timeZone} />
        )}
        {found.cursor && (
          <div class="actions">
            <ButtonLink href={addressOf(PATH, { ...(cause && { cause }), after: found.cursor })} look="plain">
              {t('desk.moderation.more')}
            </ButtonLink>
          </div>
        )}
      </DeskShell>
    ));
  });
};

interface LinesProps {
  page: Page;
  lines: readonly QueueLine[];
  timeZone: string;
}

function Lines({ page: { format }, lines, timeZone }: LinesProps) {
  return (
    <Table
      caption={t('desk.moderation')}
      rows={lines}
      rowKey={({ id }) => id}
      cards
      columns={[
        {
          title: t('desk.moderation.what'),
          cell: ({ id, kind, words }) => (
            <>
              <a href={`${PATH}/${id}`}>{kindName(kind)}</a>
              {words !== '' && <span class="soft moderation-words">{words}</span>}
            </>
          ),
        },
        { title: t('desk.moderation.whose'), cell: ({ owner }) => owner?.name ?? t('words.somebody') },
        {
          title: t('desk.moderation.why'),
          cell: ({ causes, reasons }) =>
            [
              ...causes.filter((each) => each !== 'report').map((each) => t(`desk.moderation.cause.${each}`)),
              ...reasons.map((each) => t(`safety.reason.${each}`)),
            ].join(', '),
        },
        { title: t('desk.moderation.reports'), figures: true, cell: ({ reports }) => reports },
        {
          title: t('desk.moderation.urgency'),
          figures: true,
          cell: ({ urgency }) => format.number(urgency),
        },
        {
          title: t('desk.moderation.since'),
          cell: ({ openedAt }) => momentName(format, openedAt, timeZone),
        },
      ]}
    />
  );
}

/** What a thing is called, by its kind. */
export const kindName = (kind: string): string => say(`safety.kind.${kind}` as 'safety.kind.board');
