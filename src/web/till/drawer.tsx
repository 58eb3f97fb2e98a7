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
import { type Page, page, sendOn, Text } from '../page.ts';
import { CloseForm, EarlierShifts, Entries, type FormFault, OpenForm, PayForm } from './drawer-forms.tsx';
import { countedIn, Counting, type CountTyped } from './pieces.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/drawer';

type FormName = 'open' | 'pay' | 'close';

/** What a form is shown again with: what is wrong with it, or what its pieces come to. */
interface Again {
  form: FormName;
  fault?: FormFault;
  sum?: { typed: CountTyped; text: string };
}

const Query = exactly({ after: Text(36) });
const Paying = exactly({
  id: Id,
  shift: Id,
  kind: Type.Enum(['paid_in', 'paid_out']),
  amount: Text(20),
  reason: Text(200),
});

/** The drawer of this browser's register: opened with its float, paid into and out of, counted and closed. */
export const drawerPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;

  app.get(PATH, page(TILL, { querystring: Query }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    return show(deps, reply, here, { after: request.query.after });
  });

  app.post(`${PATH}/open`, page(TILL, { body: Counting }), (request, reply) => {
    const { body: typed, viewer } = request;
    const form = { form: 'open' as const, typed, sumField: 'amount', done: 'till.drawer.opened' as const };
    return count(deps, request, reply, form, (here, { sumMinor: floatMinor, counts }) => {
      const { memberId = '' } = viewer;
      const shift = { id: idIn(typed['id']), registerId: here.register.id, floatMinor, counts, memberId };
      return inTransaction(db, (tx) => openShift(tx, shift, now()));
    });
  });

  app.post(`${PATH}/pay`, page(TILL, { body: Paying }), async (request, reply) => {
    const { id, shift: shiftId, kind, ...typed } = request.body;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const again = (status: number, text: string, field: 'amount' | 'reason' = 'amount') =>
      show(deps, reply.code(status), here, {
        after: '',
        again: { form: 'pay', fault: { text, field, typed } },
      });
    const amountMinor = minorIn(typed.amount, here.register.currency);
    if (!amountMinor) return again(422, say('till.drawer.error.amount'));
    const reason = typed.reason.trim();
    if (reason === '') return again(422, say('till.drawer.error.reason'), 'reason');
    const entry = { id, shiftId, kind, amountMinor, reason };
    return told(
      reply,
      'till.drawer.paid',
      () => asOwner(db, request, shiftId, (tx, actorId) => payInOrOut(tx, { ...entry, actorId }, now())),
      again,
    );
  });

  app.post(`${PATH}/close`, page(TILL, { body: Counting }), (request, reply) => {
    const { body: typed } = request;
    const form = { form: 'close' as const, typed, sumField: 'counted', done: 'till.drawer.closed' as const };
    return count(deps, request, reply, form, (_here, { sumMinor: countedMinor, counts }) => {
      const shiftId = idIn(typed['shift']);
      return asOwner(db, request, shiftId, (tx, memberId) =>
        closeShift(tx, { shiftId, countedMinor, counts, memberId }, now()),
      );
    });
  });
};

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Of a hidden field: nobody types it, so one that is none is no form of ours. */
function idIn(text = ''): string {
  if (!IS_ID.test(text)) throw platformErrors.not_found({});
  return text;
}

interface CountForm {
  form: 'open' | 'close';
  typed: CountTyped;
  sumField: string;
  /** Said when it is done. */
  done: PlainKey;
}

/** Does what a form with a count asks for, or adds it up; what its sender can mend is said beside its field. */
async function count(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { form, typed, sumField, done }: CountForm,
  act: (
    here: Here,
    counted: { sumMinor: number; counts: Record<string, number> | undefined },
  ) => Promise<unknown>,
) {
  const here = await findHere(deps.db, request);
  if (!here) return toRegister(request, reply);
  const again = (status: number, text: string, field = sumField) =>
    show(deps, reply.code(status), here, { after: '', again: { form, fault: { text, field, typed } } });
  const counted = countedIn(typed, sumField, here.register.currency);
  if ('text' in counted) return again(422, counted.text, counted.field);
  if (typed['act'] === 'add_up') {
    return show(deps, reply, here, { after: '', addUp: { form, typed, sumMinor: counted.sumMinor } });
  }
  return told(reply, done, () => act(here, counted), again);
}

async function told(
  reply: FastifyReply,
  done: PlainKey,
  act: () => Promise<unknown>,
  again: (status: number, text: string) => Promise<Buffer>,
) {
  try {
    await act();
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

interface Asked {
  after: string;
  again?: Again;
  addUp?: { form: 'open' | 'close'; typed: CountTyped; sumMinor: number };
}

async function show({ db }: Deps, reply: FastifyReply, here: Here, { after, again, addUp }: Asked) {
  const { id: registerId, currency } = here.register;
  if (after !== '' && !IS_ID.test(after)) throw platformErrors.not_found({});
  const open = await openShiftOf(db, registerId);
  const entries = open ? await entriesOf(db, open.id) : [];
  const { shifts, cursor } = await shiftsOf(db, registerId, after || undefined);
  const earlier = shifts.filter(({ closedAt }) => closedAt !== null);
  return reply.page((about) => {
    const sum = addUp && {
      typed: addUp.typed,
      text: sumText(about, currency, addUp.sumMinor, addUp.form === 'close' ? open : undefined),
    };
    const shown = addUp && sum ? { form: addUp.form, sum } : again;
    return (
      <TillShell page={about} here={here} title={t('till.drawer')}>
        <h1>{t('till.drawer')}</h1>
        {open ? (
          <OpenDrawer about={about} here={here} shift={open} entries={entries} again={shown} />
        ) : (
          <OpenForm id={randomUUID()} {...countProps(about, here, 'open', shown)} />
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
    );
  });
}

function sumText({ format }: Page, currency: string, sumMinor: number, shift: Shift | undefined): string {
  const sum = format.money(sumMinor, currency);
  if (!shift) return t('till.pieces.comes_to', { sum });
  const difference = format.money(sumMinor - shift.expectedMinor, currency);
  const expected = format.money(shift.expectedMinor, currency);
  return t('till.pieces.comes_to.expected', { sum, difference, expected });
}

const countProps = ({ format }: Page, here: Here, form: FormName, again: Again | undefined) => {
  const own = again?.form === form ? again : undefined;
  return { currency: here.register.currency, format, fault: own?.fault, sum: own?.sum };
};

interface OpenProps {
  about: Page;
  here: Here;
  shift: Shift;
  entries: DrawerEntry[];
  again: Again | undefined;
}

function OpenDrawer({ about, here, shift, entries, again }: OpenProps) {
  const { currency } = here.register;
  return (
    <>
      <p class="till-expected">
        {t('till.drawer.expected', { amount: about.format.money(shift.expectedMinor, currency) })}
      </p>
      <Entries page={about} here={here} entries={entries} />
      <PayForm id={randomUUID()} shiftId={shift.id} fault={again?.form === 'pay' ? again.fault : undefined} />
      <CloseForm shiftId={shift.id} {...countProps(about, here, 'close', again)} />
    </>
  );
}
