import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { TILL } from '#platform/access.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { type ArrivingPart, arrivingParts } from '#read/arriving.ts';
import { type PickedOrder, pickQueue } from '#read/pick-queue.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { dayName } from '../desk/figures.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, Text } from '../page.ts';
import { findHere, type Here, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/pick';
const PAGE = 50;
const ARRIVING_MAX = 100;
const Query = Type.Object({ after: Text(80) });

/** What this store has to pick and send, by the day for which it is promised, and what is on its way here. */
export const pickPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.get(PATH, page(TILL, { querystring: Query }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const { id: locationId, code: store } = here.store;
    const after = cursorOf(request.query.after);
    const [found, arriving] = await Promise.all([
      pickQueue(db, { locationId, after, limit: PAGE + 1 }),
      arrivingParts(db, { store, limit: ARRIVING_MAX }),
    ]);
    const rows = found.slice(0, PAGE);
    const last = rows.at(-1);
    const more =
      found.length > PAGE && last
        ? `${PATH}?after=${last.promisedTo}_${last.assignedAt.getTime()}_${last.id}`
        : undefined;
    return reply.page((about) => <PickPage page={about} here={here} view={{ rows, arriving, more }} />);
  });
};

function cursorOf(after: string): { day: string; at: Date; id: string } | undefined {
  const [, day, at, id] =
    /^(\d{4}-\d\d-\d\d)_(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? [];
  if (day === undefined || at === undefined || id === undefined) return undefined;
  return Number.isNaN(Date.parse(day)) ? undefined : { day, at: new Date(Number(at)), id };
}

interface View {
  rows: PickedOrder[];
  arriving: ArrivingPart[];
  /** The address of the next page. */
  more: string | undefined;
}

function PickPage({ page: about, here, view }: { page: Page; here: Here; view: View }) {
  const { rows, arriving, more } = view;
  const days = [...Map.groupBy(rows, ({ promisedTo }) => promisedTo)];
  return (
    <TillShell page={about} here={here} title={t('till.pick')}>
      <h1>{t('till.pick')}</h1>
      <div class="till-beside">
        <div>
          {days.length === 0 && <p class="soft">{t('till.pick.none')}</p>}
          {days.map(([day, orders]) => (
            <Day key={day} about={about} day={day} orders={orders} />
          ))}
          {more && (
            <div class="actions">
              <ButtonLink href={more} look="plain">
                {t('desk.fulfilment.more')}
              </ButtonLink>
            </div>
          )}
        </div>
        {arriving.length > 0 && <Arriving about={about} parts={arriving} />}
      </div>
    </TillShell>
  );
}

function Day({ about, day, orders }: { about: Page; day: string; orders: PickedOrder[] }) {
  return (
    <section aria-labelledby={`day-${day}`}>
      <h2 id={`day-${day}`}>{t('till.pick.for', { day: dayName(about.format, day) })}</h2>
      <ul class="till-rows">
        {orders.map(({ id, orderNumber, state, units, leavesOn, collectedAt }) => (
          <li key={id}>
            <span>
              <a href={`${PATH}/${id}`}>{orderNumber}</a>
              <br />
              <span class="soft small">
                {collectedAt === null
                  ? t('till.pick.leaves', { day: dayName(about.format, leavesOn) })
                  : t('till.pick.collected', { place: collectedAt })}
              </span>
            </span>
            <span>
              {t('till.pick.units', { count: units })} · {say(`desk.fulfilment.state.${state}`)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Arriving({ about, parts }: { about: Page; parts: readonly ArrivingPart[] }) {
  return (
    <section aria-labelledby="arriving">
      <h2 id="arriving">{t('till.pick.arriving')}</h2>
      <ul class="till-rows">
        {parts.map(({ id, orderNumber, units, fromName, trackingNumbers, promisedTo }) => (
          <li key={id}>
            <span>
              <a href={`${PATH}/${id}`}>{orderNumber}</a>, {t('till.pick.units', { count: units })}
              <br />
              <span class="soft small">
                {t('till.pick.from', { place: fromName, day: dayName(about.format, promisedTo) })}
                {trackingNumbers.length > 0 && ` · ${trackingNumbers.join(', ')}`}
              </span>
            </span>
            <form method="post" action={`${PATH}/${id}/step`}>
              <input type="hidden" name="stepId" value={newId()} />
              <input type="hidden" name="state" value="ready" />
              <Button look="plain" aria-label={t('till.pick.arrived_of', { number: orderNumber })}>
                {t('desk.fulfilment.to.received')}
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
