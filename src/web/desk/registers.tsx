import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { namesOf } from '#modules/identity/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import { putRegister } from '#modules/till/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { registerList, type RegisterRow } from '#read/register-list.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import {
  cursorIn,
  faultOf,
  type RegisterFault,
  RegisterForm,
  type RegisterTyped,
  wishIn,
} from './register-form.tsx';
import { momentName } from './figures.tsx';
import { REGISTER_READERS, REGISTER_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/registers';

interface View {
  rows: RegisterRow[];
  cursor: string | null;
  stores: Location[];
  /** Of those who opened a drawer. */
  names: ReadonlyMap<string, string>;
  typed: RegisterTyped;
  fault: RegisterFault | undefined;
  timeZone: string;
}

/** Every register with its store and drawer, and a form that adds one. */
export const registersPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, config }) => {
  const show = async (
    reply: FastifyReply,
    { after = '', ...more }: { after?: string; typed?: RegisterTyped; fault?: RegisterFault },
  ) => {
    const { rows, cursor } = await registerList(reads, cursorIn(after));
    const people = rows.flatMap(({ openedBy }) => (openedBy ? [`member:${openedBy}`] : []));
    const blank = { id: newId(), name: '', store: '', currency: await marketplaceCurrency(reads) };
    const view = {
      rows,
      cursor,
      stores: (await locations(reads)).filter(({ kind }) => kind === 'store'),
      names: await namesOf(reads, [...new Set(people)]),
      typed: more.typed ?? blank,
      fault: more.fault,
      timeZone: config.timeZone,
    };
    return reply.page((about) => <RegistersPage page={about} view={view} />);
  };

  app.get(PATH, page(REGISTER_READERS, { querystring: exactly({ after: Text(36) }) }), ({ query }, reply) =>
    show(reply, query),
  );

  const Body = exactly({ id: Id, name: Text(200), store: Text(60), currency: Text(10) });
  app.post(PATH, page(REGISTER_WRITERS, { body: Body }), async ({ body: typed, viewer }, reply) => {
    const wish = wishIn({ ...typed, use: 'yes' });
    if ('text' in wish) return show(reply.code(422), { typed, fault: wish });
    try {
      await inTransaction(db, (tx) => putRegister(tx, viewer, { ...wish, id: typed.id }));
    } catch (error) {
      const { status, ...fault } = faultOf(error);
      return show(reply.code(status), { typed, fault });
    }
    return sendOn(reply, `${PATH}/${typed.id}`, 'desk.registers.saved');
  });
};

function RegistersPage({ page: about, view }: { page: Page; view: View }) {
  const { rows, cursor, stores, typed, fault } = view;
  return (
    <DeskShell page={about} title={t('desk.registers')}>
      <header class="desk-head">
        <h1>{t('desk.registers')}</h1>
        <p class="soft">{t('desk.registers.lead')}</p>
      </header>
      {rows.length === 0 ? (
        <EmptyState title={t('desk.registers.none.title')} text={t('desk.registers.none.text')} />
      ) : (
        <Rows page={about} view={view} />
      )}
      {cursor !== null && (
        <div class="actions">
          <ButtonLink href={`${PATH}?after=${cursor}`} look="plain">
            {t('desk.registers.shifts.more')}
          </ButtonLink>
        </div>
      )}
      {mayEnter(about.viewer, REGISTER_WRITERS) && (
        <RegisterForm action={`${PATH}#set`} stores={stores} typed={typed} fault={fault} />
      )}
    </DeskShell>
  );
}

function Rows({ page: { format }, view: { rows, names, timeZone } }: { page: Page; view: View }) {
  const money = (minor: number | null, currency: string) =>
    minor === null ? '' : format.money(minor, currency);
  const stateOf = ({ active, openedAt, openedBy }: RegisterRow) => {
    if (!active) return t('desk.registers.state.unused');
    if (!openedAt) return t('desk.registers.state.closed');
    const name = names.get(`member:${openedBy}`) ?? t('desk.registers.nobody');
    return t('desk.registers.state.open', { when: momentName(format, openedAt, timeZone), name });
  };
  return (
    <Table
      caption={t('desk.registers')}
      rows={rows}
      rowKey={({ id }) => id}
      cards
      columns={[
        { title: t('desk.registers.name'), cell: ({ id, name }) => <a href={`${PATH}/${id}`}>{name}</a> },
        { title: t('desk.registers.store'), cell: ({ storeName }) => storeName },
        { title: t('desk.registers.state'), cell: stateOf },
        {
          title: t('desk.registers.expected'),
          figures: true,
          cell: ({ expectedMinor, currency }) => money(expectedMinor, currency),
        },
        {
          title: t('desk.registers.last'),
          hint: t('desk.registers.difference.hint'),
          figures: true,
          cell: ({ differenceMinor, currency }) => money(differenceMinor, currency),
        },
      ]}
    />
  );
}
