import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { namesOf } from '#modules/identity/index.ts';
import { settleConflict } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { conflictsSettled, conflictsToSettle, type ToldConflict } from '#read/stock-conflicts.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { findHere, type Here, toRegister } from './register-here.ts';
import { TillShell } from './shell.tsx';

const PATH = '/till/conflicts';
const NOTE_CHARS_MAX = 200;
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface View {
  open: ToldConflict[];
  cursor: string | null;
  settled: ToldConflict[];
  /** Of those who settled. */
  names: ReadonlyMap<string, string>;
  /** Of the form that was sent. */
  fault: { id: string; note: string; text: string } | undefined;
}

/** What this store sold without a connection though it was not there to be sold: told until somebody settles it. */
export const conflictsPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const show = async (reply: FastifyReply, here: Here, after: string, fault?: View['fault']) => {
    if (after !== '' && !IS_ID.test(after)) throw platformErrors.not_found({});
    const settled = await conflictsSettled(db, here.store.id);
    const people = settled.flatMap(({ settledBy }) => (settledBy ? [`member:${settledBy}`] : []));
    const view = {
      ...(await openOnes(here, after)),
      settled,
      names: await namesOf(db, [...new Set(people)]),
      fault,
    };
    return reply.page((about) => <ConflictsView page={about} here={here} view={view} />);
  };
  const openOnes = async (here: Here, after: string) => {
    const { conflicts: open, cursor } = await conflictsToSettle(db, here.store.id, after || undefined);
    return { open, cursor };
  };

  app.get(PATH, page(TILL, { querystring: exactly({ after: Text(36) }) }), async (request, reply) => {
    const here = await findHere(db, request);
    return here ? show(reply, here, request.query.after) : toRegister(request, reply);
  });

  const Body = exactly({ note: Text(NOTE_CHARS_MAX) });
  app.post(`${PATH}/:id`, page(TILL, { params: exactly({ id: Id }), body: Body }), async (request, reply) => {
    const { params, body, viewer } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const note = body.note.trim();
    if (note === '') {
      const fault = { id: params.id, note, text: say('till.conflicts.error.note') };
      return show(reply.code(422), here, '', fault);
    }
    const settling = { conflictId: params.id, memberId: viewer.memberId ?? '', note };
    await inTransaction(db, (tx) => settleConflict(tx, settling, now()));
    return sendOn(reply, PATH, 'till.conflicts.done');
  });
};

interface Props {
  page: Page;
  here: Here;
  view: View;
}

function ConflictsView({ page: about, here, view }: Props) {
  const { open, cursor } = view;
  return (
    <TillShell page={about} here={here} title={t('till.conflicts')}>
      <h1>{t('till.conflicts')}</h1>
      <p class="soft till-lead">{t('till.conflicts.lead')}</p>
      {open.length === 0 && <p>{t('till.conflicts.none')}</p>}
      {open.length > 0 && (
        <ul class="till-rows till-conflicts">
          {open.map((conflict) => (
            <Open key={conflict.id} page={about} here={here} conflict={conflict} fault={view.fault} />
          ))}
        </ul>
      )}
      {cursor !== null && (
        <div class="actions">
          <ButtonLink href={`${PATH}?after=${cursor}`} look="plain">
            {t('till.conflicts.more')}
          </ButtonLink>
        </div>
      )}
      <section class="till-part" aria-labelledby="kept">
        <h2 id="kept">{t('till.conflicts.kept')}</h2>
        <p class="till-lead">{t('till.conflicts.kept.text')}</p>
        <p>
          <a href="/till/sell">{t('till.conflicts.kept.link')}</a>
        </p>
      </section>
      <Settled page={about} here={here} view={view} />
    </TillShell>
  );
}

interface OpenProps extends Omit<Props, 'view'> {
  conflict: ToldConflict;
  fault: View['fault'];
}

function Open({ page: { format }, here, conflict, fault }: OpenProps) {
  const { id, title, options, sku, wanted, available, orderId, orderNumber, registerName, toldAt } = conflict;
  const name = [title, ...options].join(' · ');
  const own = fault?.id === id ? fault : undefined;
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <p class="till-short">{t('till.conflicts.what', { wanted, available })}</p>
        <p class="soft small">
          <a href={`/orders/${orderId}`}>
            {t('till.conflicts.sale', {
              number: orderNumber,
              register: registerName,
              when: format.dateTime(toldAt, here.store.timeZone),
            })}
          </a>
          {' · '}
          <a href={`/till/stock?q=${encodeURIComponent(sku)}`}>{t('till.conflicts.stock', { sku })}</a>
        </p>
      </div>
      <form method="post" action={`${PATH}/${id}`} class="form">
        <NoteField id={id} note={own?.note ?? ''} error={own?.text} />
        <Button look="plain" aria-label={t('till.conflicts.settle_of', { title: name })}>
          {t('till.conflicts.settle')}
        </Button>
      </form>
    </li>
  );
}

/** Of one form among several: the field's id says which. */
function NoteField({ id, note, error }: { id: string; note: string; error: string | undefined }) {
  const field = `note-${id}`;
  return (
    <div class="field">
      <label for={field}>{t('till.conflicts.note')}</label>
      <input
        id={field}
        name="note"
        autocomplete="off"
        maxLength={NOTE_CHARS_MAX}
        placeholder={t('till.conflicts.note.hint')}
        value={note}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${field}-error` : undefined}
      />
      {error && (
        <p class="field-error" id={`${field}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

function Settled({ page: { format }, here, view: { settled, names } }: Props) {
  if (settled.length === 0) return null;
  return (
    <section class="till-part" aria-labelledby="settled">
      <h2 id="settled">{t('till.conflicts.settled')}</h2>
      <Table
        caption={t('till.conflicts.settled')}
        rows={settled}
        rowKey={({ id }) => id}
        columns={[
          { title: t('till.conflicts.thing'), cell: ({ title, options }) => [title, ...options].join(' · ') },
          {
            title: t('till.conflicts.missing'),
            figures: true,
            cell: ({ wanted, available }) => wanted - available,
          },
          { title: t('till.conflicts.note'), cell: ({ note }) => note },
          {
            title: t('till.conflicts.by'),
            cell: ({ settledBy }) => names.get(`member:${settledBy}`) ?? t('till.conflicts.nobody'),
          },
          {
            title: t('till.conflicts.at'),
            cell: ({ settledAt }) => settledAt && format.dateTime(settledAt, here.store.timeZone),
          },
        ]}
      />
    </section>
  );
}
