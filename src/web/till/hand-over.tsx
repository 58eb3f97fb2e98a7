import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  collectionCode,
  type FulfilmentOrder,
  fulfilmentErrors,
  fulfilmentOrderById,
  fulfilmentOrdersOf,
  handOver,
  putBack,
} from '#modules/fulfilment/index.ts';
import { locations } from '#modules/inventory/index.ts';
import { type Order, orderOf } from '#modules/orders/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type VariantName, variantNames } from '#read/stock-list.ts';
import { ordersToCollect } from '#read/to-collect.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { faultIn } from '../desk/fulfilment-fault.ts';
import { actorOf } from '../desk/stock-actor.ts';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { FindOrder, OrderHead, orderIn, type ScanFault } from './found-order.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { Scanned, scanIn } from './scan.tsx';
import { TillShell } from './shell.tsx';

const PATH = '/till/hand-over';
const Params = exactly({ id: Id });

/** What a buyer collects in this store: found by their code or the order's number, and given to them. */
export const handOverPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const show = async (request: FastifyRequest, reply: FastifyReply, q: string, fault?: ScanFault) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const found = await find(deps, request, here, q);
    const unfound = found && 'status' in found ? found : undefined;
    const view = found && !('status' in found) ? await read(deps, here, found) : undefined;
    const status = (fault ?? unfound)?.status;
    if (status !== undefined) void reply.code(status);
    const shown = { q, fault, unfound, view };
    return reply.page((about) => <HandOverPage page={about} here={here} shown={shown} />);
  };
  /** A part that is collected here; one of another store is none of this counter's. */
  const partHere = async (request: FastifyRequest, id: string) => {
    const here = await findHere(db, request);
    const part = await fulfilmentOrderById(db, id);
    if (here && part.pickupLocationId !== here.store.id)
      throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId: id });
    return here;
  };

  app.get(PATH, page(TILL, { querystring: exactly({ q: Scanned }) }), (request, reply) =>
    show(request, reply, request.query.q),
  );

  const Given = exactly({ stepId: Id, proof: Scanned });
  app.post(`${PATH}/:id`, page(TILL, { params: Params, body: Given }), async (request, reply) => {
    const { viewer, params, body } = request;
    if (!(await partHere(request, params.id))) return toRegister(request, reply);
    const step = { id: body.stepId, fulfilmentOrderId: params.id, ...actorOf(viewer) };
    const fault = await faultIn(() => handOver(deps, { ...step, proof: body.proof.trim() }));
    if (fault) return show(request, reply, body.proof, fault);
    return sendOn(reply, addressOf(body.proof), 'till.over.done');
  });

  app.post(
    `${PATH}/:id/not-collected`,
    page(TILL, { params: Params, body: exactly({ proof: Scanned }) }),
    async (request, reply) => {
      const { viewer, params, body } = request;
      if (!(await partHere(request, params.id))) return toRegister(request, reply);
      const wish = { fulfilmentOrderId: params.id, ...actorOf(viewer) };
      const fault = await faultIn(() => inTransaction(db, (tx) => putBack(tx, wish, now())));
      if (fault) return show(request, reply, body.proof, fault);
      return sendOn(reply, addressOf(body.proof), 'till.over.put_back');
    },
  );
};

const addressOf = (q: string) => `${PATH}?${new URLSearchParams({ q }).toString()}`;

interface Found {
  order: Order;
  /** What was shown for it: the code, or the order's number. */
  proof: string;
}

/** By the code that the buyer was sent, which only orders of this store are tried for; else as any order is found. */
async function find(
  { db, config }: Deps,
  request: FastifyRequest,
  here: Here,
  typed: string,
): Promise<Found | ScanFault | undefined> {
  const scan = scanIn(typed);
  if (scan && 'text' in scan) {
    const code = scan.text.toUpperCase().replaceAll(/[\s-]/g, '');
    const waiting = await ordersToCollect(db, here.store.id);
    const orderId = waiting.find((id) => collectionCode(config.secret, id) === code);
    if (orderId !== undefined) return { order: await orderOf(db, request.viewer, orderId), proof: scan.text };
  }
  const order = await orderIn(db, request, typed);
  return order && ('status' in order ? order : { order, proof: order.number });
}

interface View extends Found {
  /** What is collected here of it, or was. */
  parts: FulfilmentOrder[];
  /** Where the rest of it is collected. */
  elsewhere: string[];
  names: ReadonlyMap<string, VariantName>;
}

async function read({ db }: Deps, { store }: Here, found: Found): Promise<View> {
  const all = (await fulfilmentOrdersOf(db, found.order.id)).filter(({ state }) => !GONE.has(state));
  const here = all.filter(({ pickupLocationId }) => pickupLocationId === store.id);
  const parts = await Promise.all(here.map(({ id }) => fulfilmentOrderById(db, id)));
  const others = new Set(all.map(({ pickupLocationId }) => pickupLocationId));
  const elsewhere = (await locations(db)).filter(({ id }) => id !== store.id && others.has(id));
  const variantIds = parts.flatMap(({ lines }) => lines.map(({ variantId }) => variantId));
  const names = await variantNames(db, variantIds);
  return { ...found, parts, elsewhere: elsewhere.map(({ name }) => name), names };
}

const GONE: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled']);

/** What is neither paid nor promised, and so is to be asked for before the goods are given. */
const toPayOf = ({ outstandingMinor, payments }: Order): number =>
  payments
    .filter(({ state }) => state === 'authorized')
    .reduce((rest, { amountMinor, capturedMinor }) => rest - (amountMinor - capturedMinor), outstandingMinor);

interface Shown {
  q: string;
  /** Of what was done with a part. */
  fault: ScanFault | undefined;
  /** Of what was looked for. */
  unfound: ScanFault | undefined;
  view: View | undefined;
}

function HandOverPage({ page: about, here, shown }: { page: Page; here: Here; shown: Shown }) {
  const { q, fault, unfound, view } = shown;
  return (
    <TillShell page={about} here={here} title={t('till.hand_over')}>
      <h1>{t('till.hand_over')}</h1>
      {!view && <p class="soft">{t('till.over.lead')}</p>}
      {fault && <Notice kind="error">{fault.text}</Notice>}
      <FindOrder
        path={PATH}
        label={t('till.over.field')}
        q={unfound ? q : ''}
        fault={unfound}
        isFound={view !== undefined}
      />
      {view && (
        <section class="till-order" aria-labelledby="order">
          <OrderHead order={view.order} here={here} format={about.format} />
          <Collected page={about} view={view} />
        </section>
      )}
    </TillShell>
  );
}

function Collected({ page: { format }, view }: { page: Page; view: View }) {
  const { order, parts, elsewhere } = view;
  const toPayMinor = toPayOf(order);
  return (
    <>
      {toPayMinor > 0 && (
        <Notice kind="warning">
          {t('till.over.to_pay', { amount: format.money(toPayMinor, order.currency) })}
        </Notice>
      )}
      {parts.map((part) => (
        <Part key={part.id} part={part} view={view} />
      ))}
      {elsewhere.map((place) => (
        <p key={place}>{t('till.over.elsewhere', { place })}</p>
      ))}
      {parts.length === 0 && elsewhere.length === 0 && <p>{t('till.over.none')}</p>}
    </>
  );
}

function Part({ part, view: { names, proof } }: { part: FulfilmentOrder; view: View }) {
  const { id, state, lines } = part;
  const action = `${PATH}/${id}`;
  return (
    <section class="till-line" aria-label={say(`desk.fulfilment.state.${state}`)}>
      <p class="soft">{say(`desk.fulfilment.state.${state}`)}</p>
      <ul class="till-rows">
        {lines
          .filter(({ remaining }) => remaining > 0)
          .map(({ orderLineId, variantId, remaining }) => {
            const name = names.get(variantId);
            return (
              <li key={orderLineId}>
                <span>
                  {remaining} × {name ? [name.title, ...name.options].join(' · ') : ''}
                </span>
                <span class="soft">{name?.sku}</span>
              </li>
            );
          })}
      </ul>
      {state === 'ready' && (
        <>
          <form method="post" action={action} class="actions">
            <input type="hidden" name="stepId" value={newId()} />
            <input type="hidden" name="proof" value={proof} />
            <Button>{t('till.over.button')}</Button>
          </form>
          <details class="till-part">
            <summary>{t('till.over.not_collected')}</summary>
            <form method="post" action={`${action}/not-collected`} class="actions">
              <input type="hidden" name="proof" value={proof} />
              <p class="soft">{t('till.over.not_collected.text')}</p>
              <Button look="danger">{t('till.over.not_collected.button')}</Button>
            </form>
          </details>
        </>
      )}
      {WAITS.has(state) && <p>{t('till.over.waits')}</p>}
    </section>
  );
}

const WAITS: ReadonlySet<string> = new Set(['assigned', 'accepted', 'picked', 'packed', 'shipped']);
