import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { brokerAllAgain, brokering, fulfilmentErrors, tryAgain } from '#modules/fulfilment/index.ts';
import { locations } from '#modules/inventory/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type ArrivingPart, arrivingParts } from '#read/arriving.ts';
import {
  fulfilmentQueues,
  OPEN_STATES,
  pickList,
  type Queue,
  type QueuedOrder,
  queuedOrders,
  type WaitingUnits,
  waitingUnits,
} from '#read/fulfilment-queues.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { Arriving } from './fulfilment-arriving.tsx';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';

const PATH = '/desk/fulfilment';
const PAGE = 50;
const WAITING_MAX = 100;
const ARRIVING_MAX = 100;
export const WORKERS = 'staff:operations';

/** The filters as the address has them. What it can't mean is left out, not refused: people type addresses. */
const Filters = Type.Object({ location: Text(120), state: Text(20), after: Text(80) });

interface View {
  queues: Queue[];
  rows: QueuedOrder[];
  waiting: WaitingUnits[];
  arriving: ArrivingPart[];
  /** The address of the next page. */
  more: string | undefined;
  timeZone: string;
}

/** What each location has to send: its queues, its pick list, and what nobody can give. */
export const fulfilmentPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;

  app.get(PATH, page('staff', { querystring: Filters }), async ({ query }, reply) => {
    const state = OPEN_STATES.find((each) => each === query.state);
    const location = query.location || undefined;
    const [queues, found, waiting, arriving] = await Promise.all([
      fulfilmentQueues(reads),
      queuedOrders(reads, { location, state, after: cursorOf(query.after), limit: PAGE + 1 }),
      waitingUnits(reads, WAITING_MAX),
      arrivingParts(reads, { store: location, limit: ARRIVING_MAX }),
    ]);
    const rows = found.slice(0, PAGE);
    const last = rows.at(-1);
    const after = found.length > PAGE && last ? `${last.assignedAt.getTime()}_${last.id}` : undefined;
    const more = after && addressOf(PATH, { location, state, after });
    const view = { queues, rows, waiting, arriving, more, timeZone: config.timeZone };
    return reply.page((about) => <QueuesPage page={about} view={view} />);
  });

  const Place = exactly({ location: Type.String({ maxLength: 120 }) });
  app.get(`${PATH}/pick/:location`, page('staff', { params: Place }), async ({ params }, reply) => {
    const place = (await locations(reads)).find(({ code }) => code === params.location);
    if (!place) throw platformErrors.not_found({});
    const goods = await pickList(reads, place.code);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.fulfilment.pick.of', { place: place.name })}>
        <header class="desk-head">
          <h1>{t('desk.fulfilment.pick.of', { place: place.name })}</h1>
          <p class="soft">{t('desk.fulfilment.pick.lead')}</p>
        </header>
        <Table
          caption={t('desk.fulfilment.pick.of', { place: place.name })}
          rows={goods}
          rowKey={({ variantId }) => variantId}
          columns={[
            { title: t('desk.fulfilment.sku'), cell: ({ sku }) => sku },
            {
              title: t('desk.fulfilment.title'),
              cell: ({ title, options }) => [title, ...options].join(' · '),
            },
            { title: t('desk.fulfilment.units'), figures: true, cell: ({ units }) => units },
            {
              title: t('desk.fulfilment.pick.orders'),
              cell: ({ orders }) => orders.map((each) => t('desk.fulfilment.pick.one', each)).join(', '),
            },
          ]}
        />
      </DeskShell>
    ));
  });

  app.post(`${PATH}/unfillable`, page(WORKERS), async (_, reply) => {
    await inTransaction(db, (tx) => brokerAllAgain(tx, now()));
    return sendOn(reply, PATH, 'desk.fulfilment.unfillable.looking');
  });

  app.post(
    `${PATH}/unfillable/:id`,
    page(WORKERS, { params: exactly({ id: Id }) }),
    async ({ params: { id } }, reply) => {
      try {
        const found = await brokering(db, (tx) => tryAgain(tx, id, now()));
        const notice =
          found > 0 ? 'desk.fulfilment.unfillable.found' : 'desk.fulfilment.unfillable.not_found';
        return sendOn(reply, PATH, notice);
      } catch (error) {
        const isGone = error instanceof AppError && error.code === fulfilmentErrors.unfillable_not_found.code;
        if (!isGone) throw error;
        return sendOn(reply, PATH, 'desk.fulfilment.fault.changed');
      }
    },
  );
};

function cursorOf(after: string): { at: Date; id: string } | undefined {
  const [, at, id] = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? [];
  return at !== undefined && id !== undefined ? { at: new Date(Number(at)), id } : undefined;
}

function QueuesPage({ page: about, view }: { page: Page; view: View }) {
  const { queues, rows, waiting, arriving, more, timeZone } = view;
  const { format } = about;
  return (
    <DeskShell page={about} title={t('desk.fulfilment')}>
      <header class="desk-head">
        <h1>{t('desk.fulfilment')}</h1>
        <p class="soft">{t('desk.fulfilment.lead')}</p>
      </header>
      {waiting.length > 0 && <Waiting page={about} view={view} />}
      <Queues queues={queues} />
      {arriving.length > 0 && <Arriving parts={arriving} format={format} timeZone={timeZone} />}
      {rows.length === 0 ? (
        <EmptyState title={t('desk.fulfilment.none.title')} text={t('desk.fulfilment.none.text')} />
      ) : (
        <section class="panel" aria-labelledby="waiting">
          <h2 id="waiting">{t('desk.fulfilment.waiting')}</h2>
          <Table
            caption={t('desk.fulfilment.waiting')}
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('desk.fulfilment.order'),
                cell: ({ id, orderNumber }) => <a href={`${PATH}/${id}`}>{orderNumber}</a>,
              },
              { title: t('desk.fulfilment.location'), cell: ({ locationName }) => locationName },
              {
                title: t('desk.fulfilment.state'),
                cell: ({ state }) => say(`desk.fulfilment.state.${state}`),
              },
              { title: t('desk.fulfilment.units'), figures: true, cell: ({ units }) => format.number(units) },
              { title: t('desk.fulfilment.leaves'), cell: ({ leavesOn }) => dayName(format, leavesOn) },
              { title: t('desk.fulfilment.due'), cell: ({ promisedTo }) => dayName(format, promisedTo) },
              {
                title: t('desk.fulfilment.since'),
                cell: ({ assignedAt }) => momentName(format, assignedAt, timeZone),
              },
            ]}
          />
          {more && (
            <div class="actions">
              <ButtonLink href={more} look="plain">
                {t('desk.fulfilment.more')}
              </ButtonLink>
            </div>
          )}
        </section>
      )}
    </DeskShell>
  );
}

function Queues({ queues }: { queues: readonly Queue[] }) {
  if (queues.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="queues">
      <h2 id="queues">{t('desk.fulfilment.queues')}</h2>
      <Table
        caption={t('desk.fulfilment.queues')}
        rows={queues}
        rowKey={({ locationCode }) => locationCode}
        columns={[
          {
            title: t('desk.fulfilment.location'),
            cell: ({ locationCode: location, locationName }) => (
              <a href={addressOf(PATH, { location })}>{locationName}</a>
            ),
          },
          ...OPEN_STATES.map((state) => ({
            title: say(`desk.fulfilment.state.${state}`),
            figures: true,
            cell: ({ locationCode: location, [state]: count }: Queue) =>
              count > 0 ? <a href={addressOf(PATH, { location, state })}>{count}</a> : count,
          })),
          {
            title: t('desk.fulfilment.pick'),
            cell: ({ locationCode, locationName, accepted }) =>
              accepted > 0 && (
                <a
                  href={`${PATH}/pick/${locationCode}`}
                  aria-label={t('desk.fulfilment.pick.of', { place: locationName })}
                >
                  {t('desk.fulfilment.pick')}
                </a>
              ),
          },
        ]}
      />
    </section>
  );
}

function Waiting({ page: { format, viewer }, view }: { page: Page; view: View }) {
  const { waiting, timeZone } = view;
  return (
    <section class="panel" aria-labelledby="unfillable">
      <h2 id="unfillable">{t('desk.fulfilment.unfillable')}</h2>
      <div class="panel-head">
        <p class="soft">{t('desk.fulfilment.unfillable.lead')}</p>
        {mayEnter(viewer, WORKERS) && (
          <form method="post" action={`${PATH}/unfillable`}>
            <Button look="plain">{t('desk.fulfilment.unfillable.all')}</Button>
          </form>
        )}
      </div>
      <Table
        caption={t('desk.fulfilment.unfillable')}
        rows={waiting}
        rowKey={({ id }) => id}
        columns={[
          { title: t('desk.fulfilment.order'), cell: ({ orderNumber }) => orderNumber },
          { title: t('desk.fulfilment.sku'), cell: ({ sku }) => sku },
          { title: t('desk.fulfilment.title'), cell: ({ title }) => title },
          {
            title: t('desk.fulfilment.units'),
            figures: true,
            cell: ({ quantity }) => format.number(quantity),
          },
          {
            title: t('desk.fulfilment.unfillable.why'),
            cell: ({ reason }) => say(`desk.fulfilment.reason.${reason as 'other'}`),
          },
          { title: t('desk.fulfilment.since'), cell: ({ since }) => momentName(format, since, timeZone) },
          {
            title: t('desk.fulfilment.next'),
            cell: ({ id, sku, orderNumber: number }) =>
              mayEnter(viewer, WORKERS) && (
                <form method="post" action={`${PATH}/unfillable/${id}`}>
                  <Button
                    look="plain"
                    aria-label={t('desk.fulfilment.unfillable.again_for', { sku, number })}
                  >
                    {t('desk.fulfilment.unfillable.again')}
                  </Button>
                </form>
              ),
          },
        ]}
      />
    </section>
  );
}
