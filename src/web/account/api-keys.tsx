import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { actorOf, addApiKey, type ApiKey, apiKeys, revokeApiKey, SCOPES } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Check, Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { DeskShell } from '../desk/shell.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { faultAt, withFault } from './door.tsx';
import { emptyName, type Fault } from './fault.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = [30, 90, 365] as const;
const NewKey = exactly({
  name: Text(120),
  days: Type.Enum(['30', '90', '365', 'never']),
  scopes: Type.Array(Type.Enum([...SCOPES]), { maxItems: SCOPES.length, default: [] }),
});

interface View {
  keys: ApiKey[];
  /** The key just made: it is in this one page and nowhere else. */
  made?: string;
  fault?: Fault;
  timeZone: string;
}

/** Keys for machines. A new one is answered with the page itself: no redirect could carry what is shown once. */
export const apiKeyPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now, config }) => {
  const read = async (): Promise<View> => ({ keys: await apiKeys(db), timeZone: config.timeZone });

  app.get('/desk/api-keys', page('staff:admin'), async (_request, reply) => {
    const view = await read();
    return reply.page((about) => <KeysPage page={about} view={view} />);
  });

  app.post('/desk/api-keys', page('staff:admin', { body: NewKey }), async ({ viewer, body }, reply) => {
    const fault = faultOf(body);
    if (fault) {
      withFault(reply, fault);
      const view = { ...(await read()), fault };
      return reply.page((about) => <KeysPage page={about} view={view} />);
    }
    const expiresAt = body.days === 'never' ? null : new Date(now().getTime() + Number(body.days) * DAY_MS);
    const by = { actor: actorOf(viewer), memberId: viewer.memberId };
    const wish = { name: body.name.trim(), scopes: body.scopes, expiresAt };
    const { key } = await inTransaction(db, (tx) => addApiKey(tx, by, wish));
    const view = { ...(await read()), made: key };
    const html = await reply.page((about) => <KeysPage page={about} view={view} />);
    return reply.header('cache-control', 'no-store').send(html);
  });

  app.post(
    '/desk/api-keys/revoke',
    page('staff:admin', { body: exactly({ id: Id }) }),
    async ({ viewer, body: { id } }, reply) => {
      await inTransaction(db, (tx) => revokeApiKey(tx, actorOf(viewer), id, now()));
      return sendOn(reply, '/desk/api-keys', 'account.keys.revoked');
    },
  );
};

function faultOf({ name, scopes }: { name: string; scopes: readonly string[] }): Fault | undefined {
  if (!name.trim()) return emptyName();
  return scopes.length === 0 ? { status: 422, text: t('account.keys.no_scope') } : undefined;
}

function KeysPage({ page: about, view }: { page: Page; view: View }) {
  const { keys, made, fault } = view;
  return (
    <DeskShell page={about} title={t('account.keys')}>
      <header class="desk-head">
        <h1>{t('account.keys')}</h1>
        <p class="soft">{t('account.keys.lead')}</p>
      </header>
      {made && (
        <Notice kind="success" title={t('account.keys.once')}>
          <p>
            <code class="key">{made}</code>
          </p>
          <p>{t('account.keys.once.text')}</p>
        </Notice>
      )}
      {fault && !fault.field && <Notice kind="error">{fault.text}</Notice>}
      {keys.length === 0 ? (
        <EmptyState title={t('account.keys.none.title')} text={t('account.keys.none.text')} />
      ) : (
        <KeyTable page={about} view={view} />
      )}
      <NewKeyForm fault={fault} />
    </DeskShell>
  );
}

function KeyTable({ page: { format }, view }: { page: Page; view: View }) {
  const time = (at: Date) => format.dateTime(at, view.timeZone);
  return (
    <Table
      caption={t('account.keys')}
      rows={view.keys}
      rowKey={({ id }) => id}
      columns={[
        { title: t('account.keys.name'), cell: ({ name }) => name },
        { title: t('account.keys.key'), cell: ({ prefix }) => <code>{prefix}…</code> },
        { title: t('account.keys.scopes'), cell: ({ scopes }) => scopes.join(', ') },
        {
          title: t('account.keys.used'),
          cell: ({ lastUsedAt }) => (lastUsedAt ? time(lastUsedAt) : t('account.keys.state.never_used')),
        },
        {
          title: t('account.keys.until'),
          cell: ({ expiresAt, revokedAt }) => {
            if (revokedAt) return t('account.keys.state.revoked');
            return expiresAt ? time(expiresAt) : t('account.keys.never');
          },
        },
        { title: t('account.keys.revoke'), cell: (key) => !key.revokedAt && <Revoke apiKey={key} /> },
      ]}
    />
  );
}

function Revoke({ apiKey: { id, name } }: { apiKey: ApiKey }) {
  return (
    <form method="post" action="/desk/api-keys/revoke">
      <input type="hidden" name="id" value={id} />
      <button type="submit" class="text-button" aria-label={`${t('account.keys.revoke')}: ${name}`}>
        {t('account.keys.revoke')}
      </button>
    </form>
  );
}

function NewKeyForm({ fault }: { fault: Fault | undefined }) {
  const days = DAYS.map((count) => ({ value: String(count), label: t('account.keys.days', { count }) }));
  return (
    <section class="admin-form" aria-labelledby="add-key">
      <h2 id="add-key">{t('account.keys.add')}</h2>
      <form method="post" action="/desk/api-keys" class="form">
        <Field
          name="name"
          label={t('account.keys.name')}
          hint={t('account.keys.name.hint')}
          required
          error={faultAt(fault, 'name')}
          input={{ autocomplete: 'off', maxlength: 120 }}
        />
        <fieldset class="choices">
          <legend>{t('account.keys.scopes')}</legend>
          {SCOPES.map((scope) => (
            <Check key={scope} name="scopes" value={scope} label={scope} />
          ))}
        </fieldset>
        <Select
          name="days"
          label={t('account.keys.expires')}
          value="90"
          required
          options={[...days, { value: 'never', label: t('account.keys.never') }]}
        />
        <div class="actions">
          <Button>{t('account.keys.add')}</Button>
        </div>
      </form>
    </section>
  );
}
