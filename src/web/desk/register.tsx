import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { namesOf } from '#modules/identity/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import {
  type DrawerEntry,
  entriesOf,
  knownRegister,
  putRegister,
  type Register,
  type Shift,
  shiftById,
  shiftsOf,
} from '#modules/till/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ButtonLink } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { PiecesTable } from '../till/pieces.tsx';
import { momentName } from './figures.tsx';
import {
  cursorIn,
  faultOf,
  type RegisterFault,
  RegisterForm,
  type RegisterTyped,
  wishIn,
} from './register-form.tsx';
import { REGISTER_READERS, REGISTER_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/registers';
const Params = exactly({ id: Id });

interface View {
  register: Register;
  store: Location | undefined;
  stores: Location[];
  shifts: Shift[];
  cursor: string | null;
  names: ReadonlyMap<string, string>;
  typed: RegisterTyped;
  fault: RegisterFault | undefined;
}

/** One register: what it is, and every shift of its drawer with who opened and counted it. */
export const registerPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const show = async (
    reply: FastifyReply,
    id: string,
    { after = '', ...more }: { after?: string; typed?: RegisterTyped; fault?: RegisterFault },
  ) => {
    const register = await knownRegister(db, id);
    const places = await locations(db);
    const { shifts, cursor } = await shiftsOf(db, id, cursorIn(after));
    const { name, locationId, currency, active } = register;
    const known = { id, name, store: locationId, currency, use: active ? 'yes' : '' };
    const view = {
      register,
      store: places.find((place) => place.id === locationId),
      stores: places.filter(({ kind }) => kind === 'store'),
      shifts,
      cursor,
      names: await namesOf(db, peopleOf(shifts)),
      typed: more.typed ?? known,
      fault: more.fault,
    };
    return reply.page((about) => <RegisterView page={about} view={view} />);
  };

  const Query = exactly({ after: Text(36) });
  app.get(`${PATH}/:id`, page(REGISTER_READERS, { params: Params, querystring: Query }), (request, reply) =>
    show(reply, request.params.id, request.query),
  );

  const Body = exactly({ name: Text(200), store: Text(60), currency: Text(10), use: Text(5) });
  app.post(
    `${PATH}/:id`,
    page(REGISTER_WRITERS, { params: Params, body: Body }),
    async ({ params: { id }, body, viewer }, reply) => {
      await knownRegister(db, id);
      const typed = { id, ...body };
      const wish = wishIn(typed);
      if ('text' in wish) return show(reply.code(422), id, { typed, fault: wish });
      try {
        await inTransaction(db, (tx) => putRegister(tx, viewer, { ...wish, id }));
      } catch (error) {
        const { status, ...fault } = faultOf(error);
        return show(reply.code(status), id, { typed, fault });
      }
      return sendOn(reply, `${PATH}/${id}`, 'desk.registers.saved');
    },
  );
};

const peopleOf = (shifts: readonly Shift[]): string[] => [
  ...new Set(
    shifts.flatMap(({ openedBy, closedBy }) =>
      [openedBy, ...(closedBy ? [closedBy] : [])].map((id) => `member:${id}`),
    ),
  ),
];

/** "24 Nov, 14:05, Ada": when something was done, and by whom. */
const doneBy =
  (format: Format, timeZone: string, names: ReadonlyMap<string, string>) =>
  (at: Date | null, memberId: string | null): string =>
    at === null
      ? ''
      : t('desk.registers.by', {
          when: momentName(format, at, timeZone),
          name: names.get(`member:${memberId}`) ?? t('desk.registers.nobody'),
        });

function RegisterView({ page: about, view }: { page: Page; view: View }) {
  const { register, store, stores, cursor, typed, fault } = view;
  const title = t('till.register.at', { register: register.name, store: store?.name ?? '' });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {register.currency}
          {!register.active && ` · ${t('desk.registers.state.unused')}`}
        </p>
        <p>
          <a href={PATH}>{t('desk.registers')}</a>
        </p>
      </header>
      <section class="panel" aria-labelledby="shifts">
        <h2 id="shifts">{t('desk.registers.shifts')}</h2>
        {view.shifts.length === 0 ? (
          <p class="soft">{t('desk.registers.shifts.none')}</p>
        ) : (
          <Shifts page={about} view={view} />
        )}
        {cursor !== null && (
          <div class="actions">
            <ButtonLink href={`${PATH}/${register.id}?after=${cursor}`} look="plain">
              {t('desk.registers.shifts.more')}
            </ButtonLink>
          </div>
        )}
      </section>
      {mayEnter(about.viewer, REGISTER_WRITERS) && (
        <RegisterForm action={`${PATH}/${register.id}#set`} stores={stores} typed={typed} fault={fault} />
      )}
    </DeskShell>
  );
}

function Shifts({ page: { format }, view }: { page: Page; view: View }) {
  const { register, store, shifts, names } = view;
  const { id, currency } = register;
  const by = doneBy(format, store?.timeZone ?? 'UTC', names);
  const money = (minor: number | null) => (minor === null ? '' : format.money(minor, currency));
  return (
    <Table
      caption={t('desk.registers.shifts')}
      rows={shifts}
      rowKey={(shift) => shift.id}
      cards
      columns={[
        {
          title: t('desk.registers.opened'),
          cell: (shift) => (
            <a href={`${PATH}/${id}/shifts/${shift.id}`}>{by(shift.openedAt, shift.openedBy)}</a>
          ),
        },
        { title: t('desk.registers.closed'), cell: ({ closedAt, closedBy }) => by(closedAt, closedBy) },
        { title: t('desk.registers.float'), figures: true, cell: ({ floatMinor }) => money(floatMinor) },
        {
          title: t('till.drawer.was_expected'),
          figures: true,
          cell: ({ expectedMinor }) => money(expectedMinor),
        },
        {
          title: t('desk.registers.counted'),
          figures: true,
          cell: ({ countedMinor }) => money(countedMinor),
        },
        {
          title: t('desk.registers.difference'),
          hint: t('desk.registers.difference.hint'),
          figures: true,
          cell: ({ differenceMinor, closedAt }) => (closedAt ? money(differenceMinor ?? 0) : ''),
        },
      ]}
    />
  );
}

/** One shift: all that went into its drawer and out of it, and what was counted by the piece. */
export const registerShiftPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const Shown = exactly({ id: Id, shiftId: Id });
  app.get(
    `${PATH}/:id/shifts/:shiftId`,
    page(REGISTER_READERS, { params: Shown }),
    async ({ params }, reply) => {
      const register = await knownRegister(db, params.id);
      const shift = await shiftById(db, params.shiftId);
      if (shift.registerId !== register.id) throw platformErrors.not_found({});
      const entries = await entriesOf(db, shift.id);
      const people = entries.flatMap(({ actorId }) => (actorId ? [`member:${actorId}`] : []));
      const names = await namesOf(db, [...new Set([...people, ...peopleOf([shift])])]);
      const timeZone = (await locations(db)).find(({ id }) => id === register.locationId)?.timeZone ?? 'UTC';
      const view = { register, shift, entries, names, timeZone };
      return reply.page((about) => <ShiftView page={about} view={view} />);
    },
  );
};

interface ShiftProps {
  page: Page;
  view: {
    register: Register;
    shift: Shift;
    entries: DrawerEntry[];
    names: ReadonlyMap<string, string>;
    timeZone: string;
  };
}

function ShiftView({ page: about, view }: ShiftProps) {
  const { register, shift, names, timeZone } = view;
  const { format } = about;
  const { currency } = register;
  const by = doneBy(format, timeZone, names);
  const title = t('desk.registers.shift', { when: momentName(format, shift.openedAt, timeZone) });
  const facts: [string, string][] = [
    [t('desk.registers.opened'), by(shift.openedAt, shift.openedBy)],
    [t('desk.registers.closed'), by(shift.closedAt, shift.closedBy)],
    [t('till.drawer.was_expected'), format.money(shift.expectedMinor, currency)],
  ];
  if (shift.countedMinor !== null) {
    facts.push(
      [t('desk.registers.counted'), format.money(shift.countedMinor, currency)],
      [t('desk.registers.difference'), format.money(shift.differenceMinor ?? 0, currency)],
    );
  }
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p>
          <a href={`${PATH}/${register.id}`}>{register.name}</a>
        </p>
      </header>
      <dl class="facts">
        {facts
          .filter(([, said]) => said !== '')
          .map(([name, said]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{said}</dd>
            </div>
          ))}
      </dl>
      <Pieces format={format} currency={currency} shift={shift} />
      <Entries page={about} view={view} />
    </DeskShell>
  );
}

function Pieces({ format, currency, shift }: { format: Format; currency: string; shift: Shift }) {
  const parts = [
    ['desk.registers.shift.float', shift.floatCounts],
    ['desk.registers.shift.counts', shift.counts],
  ] as const;
  return (
    <>
      {parts.map(
        ([key, counts]) =>
          counts && (
            <section key={key} class="panel" aria-labelledby={key}>
              <h2 id={key}>{t(key)}</h2>
              <PiecesTable caption={t(key)} counts={counts} currency={currency} format={format} />
            </section>
          ),
      )}
    </>
  );
}

function Entries({ page: { format }, view: { register, entries, names, timeZone } }: ShiftProps) {
  return (
    <section class="panel" aria-labelledby="entries">
      <h2 id="entries">{t('desk.registers.shift.entries')}</h2>
      <Table
        caption={t('desk.registers.shift.entries')}
        rows={entries}
        rowKey={({ id }) => id}
        columns={[
          { title: t('till.drawer.at'), cell: ({ enteredAt }) => momentName(format, enteredAt, timeZone) },
          {
            title: t('till.drawer.what'),
            cell: ({ kind, orderId }) =>
              orderId ? (
                <a href={`/desk/orders/${orderId}`}>{say(`till.drawer.kind.${kind}`)}</a>
              ) : (
                say(`till.drawer.kind.${kind}`)
              ),
          },
          { title: t('till.drawer.reason'), cell: ({ reason }) => reason },
          {
            title: t('desk.registers.shift.who'),
            cell: ({ actorId }) =>
              actorId ? (names.get(`member:${actorId}`) ?? t('desk.registers.nobody')) : '',
          },
          {
            title: t('till.drawer.amount'),
            figures: true,
            cell: ({ amountMinor }) => format.money(amountMinor, register.currency),
          },
        ]}
      />
    </section>
  );
}
