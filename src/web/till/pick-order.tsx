import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  brokering,
  carrierNames,
  fulfilmentOrderById,
  makeReady,
  reject,
  ship,
  takeStep,
  WORKED_STATES,
} from '#modules/fulfilment/index.ts';
import { readOrder } from '#modules/orders/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { scannedVariant } from '#read/scanned-variant.ts';
import { variantNames } from '#read/stock-list.ts';
import { faultIn } from '../desk/fulfilment-fault.ts';
import { type FormFault, rejectionIn, ShipBody, shipmentIn } from '../desk/fulfilment-forms.tsx';
import { actorOf } from '../desk/stock-actor.ts';
import { t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { partHere, shipmentOf } from './part-here.ts';
import { PickOrderPage } from './pick-order-page.tsx';
import { isAllPicked, pickedIn, withPicked, writtenPicked } from './picked-units.ts';
import { toRegister } from './register-here.ts';
import { Scanned, scanIn } from './scan.tsx';

const PATH = '/till/pick';
const Params = exactly({ id: Id });
const Got = Text(3000);
const Typed = Type.Record(Type.String(), Type.String({ maxLength: 500 }), { maxProperties: 2000 });
const StepBody = exactly({ stepId: Id, state: Type.Enum([...WORKED_STATES, 'ready']), got: Got });
const ScanBody = exactly({ scan: Scanned, got: Got });

/** One order of the pick list: taken on or given away, picked by scanning, packed, and sent or laid ready. */
export const pickOrderPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const show = showing(deps);

  app.get(
    `${PATH}/:id`,
    page(TILL, { params: Params, querystring: exactly({ got: Got }) }),
    (request, reply) => show(request, reply, request.query.got),
  );

  app.post(`${PATH}/:id/scan`, page(TILL, { params: Params, body: ScanBody }), async (request, reply) => {
    const { id } = request.params;
    const { got } = request.body;
    const scanned = await scannedIn(deps, id, request.body);
    if ('status' in scanned) return show(request, reply, got, scanned);
    return sendOn(reply, `${PATH}/${id}?got=${writtenPicked(scanned.picked)}`);
  });

  app.post(`${PATH}/:id/step`, page(TILL, { params: Params, body: StepBody }), async (request, reply) => {
    const { viewer, body } = request;
    const { stepId, state, got } = body;
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    const { part } = at;
    if (
      state === 'picked' &&
      part.state === 'accepted' &&
      !isAllPicked(pickedIn(got, part.lines), part.lines)
    )
      return show(request, reply, got, { status: 409, text: t('till.pick.fault.not_all') });
    const step = { id: stepId, fulfilmentOrderId: part.id, ...actorOf(viewer) };
    const fault = await faultIn(() =>
      inTransaction(db, async (tx) => {
        if (state === 'ready') await makeReady(tx, step, now());
        else await takeStep(tx, { ...step, to: state }, now());
      }),
    );
    if (fault) return show(request, reply, got, fault);
    return sendOn(reply, state === 'ready' ? PATH : `${PATH}/${part.id}`, 'desk.fulfilment.done');
  });

  app.post(`${PATH}/:id/rejection`, page(TILL, { params: Params, body: Typed }), async (request, reply) => {
    const { viewer, body } = request;
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    // What was given back is not there any more: a repeat would be told of too many units.
    if (at.part.rejections.some(({ id }) => id === body['rejectionId']))
      return sendOn(reply, PATH, 'desk.fulfilment.rejected');
    const wish = rejectionIn(body, at.part.lines);
    if ('status' in wish) return show(request, reply, '', wish);
    const rejection = { ...wish, fulfilmentOrderId: at.part.id, ...actorOf(viewer) };
    const fault = await faultIn(() => brokering(db, (tx) => reject(tx, rejection, now())));
    if (fault) return show(request, reply, '', { ...fault, typed: body });
    return sendOn(reply, PATH, 'desk.fulfilment.rejected');
  });

  app.post(`${PATH}/:id/shipment`, page(TILL, { params: Params, body: ShipBody }), async (request, reply) => {
    const { viewer, body } = request;
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    const wish = shipmentIn(body);
    if ('status' in wish) return show(request, reply, '', wish);
    let isAsked = false;
    const fault = await faultIn(async () => {
      const { state } = await ship(deps, { ...wish, fulfilmentOrderId: at.part.id, ...actorOf(viewer) });
      isAsked = state === 'asked';
    });
    if (fault) return show(request, reply, '', { ...fault, typed: { ...body, shipmentId: newId() } });
    const notice = isAsked ? 'desk.fulfilment.asked' : 'desk.fulfilment.shipped';
    return sendOn(reply, `${PATH}/${at.part.id}`, notice);
  });
};

const showing =
  (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply, got: string, fault?: FormFault) => {
    const { db, config } = deps;
    const at = await partHere(db, request);
    if (!at) return toRegister(request, reply);
    const { here, part } = at;
    const { number } = await readOrder(db, part.orderId);
    const view = {
      part,
      number,
      picked: pickedIn(got, part.lines),
      names: await variantNames(
        db,
        part.lines.map(({ variantId }) => variantId),
      ),
      shipment: await shipmentOf(db, part),
      carriers: carrierNames(config),
      fault,
    };
    if (fault) void reply.code(fault.status);
    return reply.page((about) => <PickOrderPage page={about} here={here} view={view} />);
  };

/** What is picked with what was scanned now, or what is wrong with it. */
async function scannedIn(
  { db }: Pick<Deps, 'db'>,
  id: string,
  { scan: typed, got }: { scan: string; got: string },
): Promise<{ picked: number[] } | FormFault> {
  const wrong = (status: number, text: string): FormFault => ({ status, text, field: 'scan' });
  const scan = scanIn(typed);
  if (!scan) return wrong(422, t('till.scan.nothing'));
  if ('fault' in scan) return wrong(422, scan.fault);
  const variant = await scannedVariant(db, scan.text);
  if (!variant) return wrong(404, t('till.scan.unknown', { code: scan.text }));
  const { lines } = await fulfilmentOrderById(db, id);
  const picked = withPicked(pickedIn(got, lines), lines, variant.id);
  const what = [variant.title, ...variant.options].join(' · ');
  if (picked === 'not_in_it') return wrong(409, t('till.pick.fault.not_in_it', { what }));
  if (picked === 'enough') return wrong(409, t('till.pick.fault.enough', { what }));
  return { picked };
}
