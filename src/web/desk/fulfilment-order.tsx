import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  brokering,
  carrierNames,
  type FulfilmentOrder,
  fulfilmentOrderById,
  handOver,
  makeReady,
  reject,
  type Shipment,
  ship,
  shipmentsOf,
  takeStep,
  WORKED_STATES,
} from '#modules/fulfilment/index.ts';
import { locations } from '#modules/inventory/index.ts';
import { readOrder } from '#modules/orders/index.ts';
import { mayEnter, mayReadPersonal } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type VariantName, variantNames } from '#read/stock-list.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { dayName } from './figures.tsx';
import { WORKERS } from './fulfilment.tsx';
import { faultIn } from './fulfilment-fault.ts';
import {
  CollectForm,
  type FormFault,
  RejectForm,
  rejectionIn,
  ShipBody,
  ShipForm,
  shipmentIn,
} from './fulfilment-forms.tsx';
import { Happened } from './fulfilment-steps.tsx';
import { DeskShell } from './shell.tsx';
import { actorOf } from './stock-actor.ts';

const Params = exactly({ id: Id });
const pathOf = (id: string) => `/desk/fulfilment/${id}`;
const Typed = Type.Record(Type.String(), Type.String({ maxLength: 500 }), { maxProperties: 2000 });

/** One fulfilment order: what is to be sent, what has happened, and what its location does next. */
export const fulfilmentOrderPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const show = showing(deps);

  app.get('/desk/fulfilment/:id', page('staff', { params: Params }), async ({ params: { id } }, reply) =>
    show(reply, id),
  );

  const StepBody = exactly({ stepId: Id, state: Type.Enum([...WORKED_STATES, 'ready']) });
  app.post(
    '/desk/fulfilment/:id/step',
    page(WORKERS, { params: Params, body: StepBody }),
    async ({ viewer, params: { id }, body: { stepId, state } }, reply) => {
      const step = { id: stepId, fulfilmentOrderId: id, ...actorOf(viewer) };
      const fault = await faultIn(() =>
        inTransaction(db, async (tx) => {
          if (state === 'ready') await makeReady(tx, step, now());
          else await takeStep(tx, { ...step, to: state }, now());
        }),
      );
      return fault ? show(reply, id, fault) : sendOn(reply, pathOf(id), 'desk.fulfilment.done');
    },
  );

  app.post(
    '/desk/fulfilment/:id/rejection',
    page(WORKERS, { params: Params, body: Typed }),
    async ({ viewer, params: { id }, body }, reply) => {
      const { lines } = await fulfilmentOrderById(db, id);
      const wish = rejectionIn(body, lines);
      if ('status' in wish) return show(reply, id, wish);
      const rejection = { ...wish, fulfilmentOrderId: id, ...actorOf(viewer) };
      const fault = await faultIn(() => brokering(db, (tx) => reject(tx, rejection, now())));
      return fault
        ? show(reply, id, { ...fault, typed: body })
        : sendOn(reply, pathOf(id), 'desk.fulfilment.rejected');
    },
  );

  const ProofBody = exactly({ stepId: Id, proof: Text(40) });
  app.post(
    '/desk/fulfilment/:id/collection',
    page(WORKERS, { params: Params, body: ProofBody }),
    async ({ viewer, params: { id }, body: { stepId, proof } }, reply) => {
      const step = { id: stepId, fulfilmentOrderId: id, proof, ...actorOf(viewer) };
      const fault = await faultIn(() => handOver(deps, step));
      if (!fault) return sendOn(reply, pathOf(id), 'desk.fulfilment.collect.done');
      return show(reply, id, { ...fault, ...(fault.field && { typed: { proof } }) });
    },
  );
};

const showing = (deps: Deps) => async (reply: FastifyReply, id: string, fault?: FormFault) => {
  const view = await read(deps, id);
  if (fault) void reply.code(fault.status);
  return reply.page((about) => <OrderPage page={about} view={view} fault={fault} />);
};

/** How its goods leave the location. */
export const fulfilmentShipment: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const show = showing(deps);
  app.post(
    '/desk/fulfilment/:id/shipment',
    page(WORKERS, { params: Params, body: ShipBody }),
    async ({ viewer, params: { id }, body }, reply) => {
      const wish = shipmentIn(body);
      if ('status' in wish) return show(reply, id, wish);
      let isAsked = false;
      const fault = await faultIn(async () => {
        const { state } = await ship(deps, { ...wish, fulfilmentOrderId: id, ...actorOf(viewer) });
        isAsked = state === 'asked';
      });
      if (fault) return show(reply, id, { ...fault, typed: { ...body, shipmentId: newId() } });
      return sendOn(reply, pathOf(id), isAsked ? 'desk.fulfilment.asked' : 'desk.fulfilment.shipped');
    },
  );
};

interface View {
  part: FulfilmentOrder;
  orderNumber: string;
  placeName: string;
  /** Where it is collected. */
  storeName: string | undefined;
  names: ReadonlyMap<string, VariantName>;
  shipment: Shipment | undefined;
  carriers: string[];
  timeZone: string;
}

async function read({ reads, config }: Deps, id: string): Promise<View> {
  const part = await fulfilmentOrderById(reads, id);
  const variantIds = part.lines.map(({ variantId }) => variantId);
  const [{ number }, places, names, shipments] = await Promise.all([
    readOrder(reads, part.orderId),
    locations(reads),
    variantNames(reads, variantIds),
    shipmentsOf(reads, part.orderId),
  ]);
  return {
    part,
    orderNumber: number,
    placeName: places.find((place) => place.id === part.locationId)?.name ?? '',
    storeName: places.find((place) => place.id === part.pickupLocationId)?.name,
    names,
    shipment: shipments.find((each) => each.fulfilmentOrderId === id && each.state !== 'failed'),
    carriers: carrierNames(config),
    timeZone: config.timeZone,
  };
}

const NEXT = { assigned: 'accepted', accepted: 'picked', picked: 'packed' } as const;

function nextOf({ state, pickupLocationId, locationId }: FulfilmentOrder) {
  if (state === 'assigned' || state === 'accepted' || state === 'picked') return NEXT[state];
  if (state === 'packed') return pickupLocationId === locationId ? 'ready' : undefined;
  return state === 'shipped' && pickupLocationId !== null ? 'ready' : undefined;
}

function OrderPage({ page: about, view, fault }: { page: Page; view: View; fault: FormFault | undefined }) {
  const { part, orderNumber: number, placeName: place, names, shipment, carriers, timeZone } = view;
  const { format, viewer } = about;
  const { state } = part;
  const mayWork = mayEnter(viewer, WORKERS);
  const next = nextOf(part);
  return (
    <DeskShell page={about} title={t('desk.fulfilment.one', { place, number })}>
      <header class="desk-head">
        <h1>{t('desk.fulfilment.one', { place, number })}</h1>
        <p class="soft">
          {t('desk.fulfilment.one.lead', {
            state: say(`desk.fulfilment.state.${state}`),
            leaves: dayName(format, part.leavesOn),
            due: dayName(format, part.promisedTo),
          })}
        </p>
      </header>
      {state === 'waiting' && part.goodsOn !== null && (
        <p>
          {t('desk.fulfilment.goods_on')}: {dayName(format, part.goodsOn)}
        </p>
      )}
      {view.storeName !== undefined && <p>{t('desk.fulfilment.collect.at', { place: view.storeName })}</p>}
      {mayWork && state === 'ready' && <CollectForm action={`${pathOf(part.id)}/collection`} fault={fault} />}
      {fault && !fault.field && <Notice kind="error">{fault.text}</Notice>}
      {mayWork && next && (
        <form method="post" action={`${pathOf(part.id)}/step`} class="actions">
          <input type="hidden" name="stepId" value={newId()} />
          <input type="hidden" name="state" value={next} />
          <Button>
            {t(state === 'shipped' ? 'desk.fulfilment.to.received' : `desk.fulfilment.to.${next}`)}
          </Button>
        </form>
      )}
      <Goods view={view} />
      {mayReadPersonal(viewer) && <Papers part={part} shipment={shipment} />}
      {mayWork && state === 'packed' && !next && !shipment && (
        <ShipForm action={`${pathOf(part.id)}/shipment`} carriers={carriers} fault={fault} />
      )}
      {mayWork && (state === 'assigned' || state === 'accepted') && (
        <RejectForm action={`${pathOf(part.id)}/rejection`} lines={part.lines} names={names} fault={fault} />
      )}
      <Happened part={part} names={names} format={format} timeZone={timeZone} />
    </DeskShell>
  );
}

function Goods({ view: { part, names } }: { view: View }) {
  return (
    <section class="panel" aria-labelledby="goods">
      <h2 id="goods">{t('desk.fulfilment.goods')}</h2>
      <Table
        caption={t('desk.fulfilment.goods')}
        rows={part.lines}
        rowKey={({ orderLineId }) => orderLineId}
        columns={[
          { title: t('desk.fulfilment.sku'), cell: ({ variantId }) => names.get(variantId)?.sku ?? '' },
          {
            title: t('desk.fulfilment.title'),
            cell: ({ variantId }) => {
              const name = names.get(variantId);
              return name ? [name.title, ...name.options].join(' · ') : '';
            },
          },
          { title: t('desk.fulfilment.assigned_units'), figures: true, cell: ({ quantity }) => quantity },
          { title: t('desk.fulfilment.rejected_units'), figures: true, cell: ({ rejected }) => rejected },
          { title: t('desk.fulfilment.left_units'), figures: true, cell: ({ remaining }) => remaining },
        ]}
      />
    </section>
  );
}

/** They bear the buyer's name and address. */
export function Papers({
  part,
  shipment,
  slipHref = `/v1/fulfilment/fulfilment-orders/${part.id}/packing-slip`,
  labelHref = `/v1/fulfilment/shipments/${shipment?.id}/label`,
}: {
  part: FulfilmentOrder;
  shipment: Shipment | undefined;
  /** Where the papers are, of whoever may read them elsewhere only. */
  slipHref?: string;
  labelHref?: string;
}) {
  const labels = shipment && shipment.state !== 'asked' ? shipment.parcels : [];
  const own = labels.filter(({ labelUrl }) => labelUrl !== null);
  return (
    <ul class="plain">
      <li>
        <a href={slipHref}>{t('desk.fulfilment.slip')}</a>
      </li>
      {shipment && labels.length > own.length && (
        <li>
          <a href={labelHref}>{t('desk.fulfilment.label')}</a>
        </li>
      )}
      {own.map(({ position, labelUrl }) => (
        <li key={position}>
          <a href={labelUrl ?? ''} rel="noreferrer">
            {t('desk.fulfilment.carriers_label', { position })}
          </a>
        </li>
      ))}
    </ul>
  );
}
