import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  closeShift,
  type DrawerEntry,
  entriesOf,
  openShift,
  openShiftOf,
  payInOrOut,
  refuseOthersShift,
  type Shift,
  shiftsOf,
} from '#modules/till/index.ts';
import { mayEnter, TILL } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ButtonLink } from '../components/Button.tsx';
import { minorIn } from '../desk/stock-shell.tsx';
import { isPlainKey, type PlainKey, say, t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { CloseForm, EarlierShifts, Entries, OpenForm, PayForm, type Typed } from './drawer-forms.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/drawer';

interface Fault {
  form: 'open' | 'pay' | 'close';
  text: string;
  field: 'amount' | 'reason';
  typed: Typed;
}

const Query = exactly({ after: Text(36) });
const Opening = exactly({ id: Id, amount: Text(20) });
const Paying = exactly({
  id: Id,
  shift: Id,
  kind: Type.Enum(['paid_in', 'paid_out']),
  amount: Text(20),
  reason: Text(200),
});
const Closing = exactly({ shift: Id, amount: Text(20) });

/** The drawer of this browser's register: opened with its float, paid into and out of, counted and closed. */
export const drawerPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;

  app.get(PATH, page(TILL, { querystring: Query }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    return show(deps, reply, here, { after: request.query.after });
  });

  app.post(`${PATH}/open`, page(TILL, { body: Opening }), (request, reply) => {
    const { id, amount } = request.body;
    const { memberId = '' } = request.viewer;
    const typed = { amount, reason: '' };
    return workOn(
      deps,
      request,
      reply,
      { form: 'open', typed, done: 'till.drawer.opened' },
      (here, floatMinor) => {
        const shift = { id, registerId: here.register.id, floatMinor, memberId };
        return inTransaction(db, (tx) => openShift(tx, shift, now()));
      },
    );
  });

  app.post(`${PATH}/pay`, page(TILL, { body: Paying }), (request, reply) => {
    const { id, shift: shiftId, kind, amount, reason } = request.body;
    const typed = { amount, reason };
    return workOn(
      deps,
      request,
      reply,
      { form: 'pay', typed, done: 'till.drawer.paid' },
      async (_here, amountMinor) => {
        const entry = { id, shiftId, kind, amountMinor, reason: reason.trim() };
        await asOwner(db, request, shiftId, (tx, actorId) => payInOrOut(tx, { ...entry, actorId }, now()));
      },
    );
  });

  app.post(`${PATH}/close`, page(TILL, { body: Closing }), (request, reply) => {
    const { shift: shiftId, amount } = request.body;
    const typed = { amount, reason: '' };
    return workOn(
      deps,
      request,
      reply,
      { form: 'close', typed, done: 'till.drawer.closed' },
      (_here, countedMinor) =>
        asOwner(db, request, shiftId, (tx, memberId) =>
          closeShift(tx, { shiftId, countedMinor, memberId }, now()),
        ),
    );
  });
};

interface Form {
  form: Fault['form'];
  typed: Typed;
  /** Said when it is done. */
  done: PlainKey;
}

/** Does what a form asks for; what its sender can mend is said beside its field. */
async function workOn(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { form, typed, done }: Form,
  act: (here: Here, amountMinor: number) => Promise<unknown>,
) {
  const here = await findHere(deps.db, request);
  if (!here) return toRegister(request, reply);
  const again = (status: number, text: string, field: Fault['field'] = 'amount') =>
    show(deps, reply.code(status), here, { after: '', fault: { form, text, field, typed } });
  const amountMinor = minorIn(typed.amount, here.register.currency);
  if (amountMinor === undefined || (form === 'pay' && amountMinor === 0))
    return again(422, say('till.drawer.error.amount'));
  if (form === 'pay' && typed.reason.trim() === '')
    return again(422, say('till.drawer.error.reason'), 'reason');
  try {
    await act(here, amountMinor);
  } catch (error) {
    const text = textOf(error);
    if (!(error instanceof AppError) || text === undefined) throw error;
    return again(error.status, text);
  }
  return sendOn(reply, PATH, done);
}

const asOwner = (
  db: Db,
  { viewer }: Pick<FastifyRequest, 'viewer'>,
  shiftId: string,
  act: (tx: Tx, memberId: string) => Promise<unknown>,
) =>
  inTransaction(db, async (tx) => {
    const { memberId = '' } = viewer;
    await refuseOthersShift(tx, shiftId, memberId, mayEnter(viewer, 'staff:operations'));
    await act(tx, memberId);
  });

/** What a refusal means at the drawer; undefined for one that nobody there can mend. */
function textOf(error: unknown): string | undefined {
  if (!(error instanceof AppError) || !error.code.startsWith('till.')) return undefined;
  const key = `till.drawer.error.${error.code.slice('till.'.length)}`;
  return isPlainKey(key) ? say(key) : undefined;
}

async function show(
  { db }: Deps,
  reply: FastifyReply,
  here: Here,
  { after, fault }: { after: string; fault?: Fault },
) {
  const { register } = here;
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after);
  if (after !== '' && !isId) throw platformErrors.not_found({});
  const open = await openShiftOf(db, register.id);
  const entries = open ? await entriesOf(db, open.id) : [];
  const { shifts, cursor } = await shiftsOf(db, register.id, isId ? after : undefined);
  const earlier = shifts.filter(({ closedAt }) => closedAt !== null);
  return reply.page((about) => (
    <TillShell page={about} here={here} title={t('till.drawer')}>
      <h1>{t('till.drawer')}</h1>
      {open ? (
        <OpenDrawer about={about} here={here} shift={open} entries={entries} fault={fault} />
      ) : (
        <OpenForm id={randomUUID()} fault={fault?.form === 'open' ? fault : undefined} />
      )}
      <EarlierShifts page={about} here={here} shifts={earlier} />
      {cursor !== null && (
        <div class="actions">
          <ButtonLink href={`${PATH}?after=${cursor}`} look="plain">
            {t('till.drawer.more')}
          </ButtonLink>
        </div>
      )}
    </TillShell>
  ));
}

interface OpenProps {
  about: Parameters<typeof TillShell>[0]['page'];
  here: Here;
  shift: Shift;
  entries: DrawerEntry[];
  fault: Fault | undefined;
}

function OpenDrawer({ about, here, shift, entries, fault }: OpenProps) {
  const { currency } = here.register;
  return (
    <>
      <p class="till-expected">
        {t('till.drawer.expected', { amount: about.format.money(shift.expectedMinor, currency) })}
      </p>
      <Entries page={about} here={here} entries={entries} />
      <PayForm id={randomUUID()} shiftId={shift.id} fault={fault?.form === 'pay' ? fault : undefined} />
      <CloseForm shiftId={shift.id} fault={fault?.form === 'close' ? fault : undefined} />
    </>
  );
}
