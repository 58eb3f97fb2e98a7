import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  type Endpoint,
  endpoints,
  PUBLIC_EVENTS,
  setEndpoint,
  webhooksErrors,
} from '#modules/webhooks/index.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Check, Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

const Body = exactly({
  id: Id,
  url: Text(2000),
  description: Text(200),
  events: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50, default: [] }),
  active: Text(10),
});
type Typed = Static<typeof Body>;
type Errors = Partial<Record<'url' | 'events', string>>;

/** The addresses that are told what happens: for admins, who add and change them here. */
export const webhooksPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const show = async (reply: FastifyReply, typed: Typed, errors: Errors, secret?: string) => {
    const found = await endpoints(deps.db);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.webhooks')}>
        <header class="desk-head">
          <h1>{t('desk.webhooks')}</h1>
          <p class="soft">{t('desk.webhooks.lead')}</p>
        </header>
        {secret !== undefined && <Secret secret={secret} />}
        <List found={found} />
        <h2>{t('desk.webhooks.add')}</h2>
        <EndpointForm typed={typed} errors={errors} />
      </DeskShell>
    ));
  };
  const blank = (): Typed => ({ id: randomUUID(), url: '', description: '', events: [], active: 'yes' });
  app.get('/desk/webhooks', page('staff:admin'), (_request, reply) => show(reply, blank(), {}));

  app.post('/desk/webhooks', page('staff:admin', { body: Body }), async ({ viewer, body }, reply) => {
    const eventNames = body.events.filter((name) => PUBLIC_EVENTS.includes(name));
    if (eventNames.length === 0)
      return show(reply.code(422), body, { events: say('desk.webhooks.error.events') });
    const { id, url, description } = body;
    const wish = { id, url: url.trim(), description, eventNames, isActive: body.active === 'yes' };
    try {
      const { secret } = await setEndpoint(deps, actorOf(viewer), wish);
      if (secret === null) return sendOn(reply, `/desk/webhooks/${id}`, 'desk.webhooks.saved');
      return show(reply, blank(), {}, secret);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== webhooksErrors.url_refused.code) throw error;
      const { reason } = error.data as { reason: 'malformed' | 'not_https' | 'inside' | 'unknown_host' };
      return show(reply.code(422), body, { url: t(`desk.webhooks.error.${reason}`) });
    }
  });
};

export const Secret = ({ secret }: { secret: string }) => (
  <Notice title={t('desk.webhooks.secret.title')}>
    {t('desk.webhooks.secret.text')} <code>{secret}</code>
  </Notice>
);

export function stateOf({ isActive, offReason }: Endpoint): string {
  if (isActive) return t('desk.webhooks.state.active');
  if (offReason === 'gone' || offReason === 'failing') return t(`desk.webhooks.state.${offReason}`);
  return t('desk.webhooks.state.off');
}

const List = ({ found }: { found: Endpoint[] }) =>
  found.length === 0 ? (
    <EmptyState title={t('desk.webhooks.none.title')} text={t('desk.webhooks.none.text')} />
  ) : (
    <Table
      caption={t('desk.webhooks')}
      rows={found}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.webhooks.url'),
          cell: ({ id, url }) => <a href={`/desk/webhooks/${id}`}>{url}</a>,
        },
        { title: t('desk.webhooks.description'), cell: ({ description }) => description },
        { title: t('desk.webhooks.state'), cell: stateOf },
        {
          title: t('desk.webhooks.events'),
          figures: true,
          cell: ({ eventNames }) => String(eventNames.length),
        },
      ]}
    />
  );

/** Adds an address, or changes one: the id says which. */
export const EndpointForm = ({ typed, errors }: { typed: Typed; errors: Errors }) => (
  <form method="post" action="/desk/webhooks" class="form panel admin-form">
    <input type="hidden" name="id" value={typed.id} />
    <Field
      name="url"
      type="url"
      label={t('desk.webhooks.url')}
      hint={t('desk.webhooks.url.hint')}
      value={typed.url}
      error={errors.url}
      required
    />
    <Field
      name="description"
      label={t('desk.webhooks.description')}
      value={typed.description}
      input={{ maxlength: 200 }}
    />
    <fieldset>
      <legend>{t('desk.webhooks.events')}</legend>
      {errors.events && <p class="field-error">{errors.events}</p>}
      {PUBLIC_EVENTS.map((name) => (
        <Check key={name} name="events" value={name} label={name} checked={typed.events.includes(name)} />
      ))}
    </fieldset>
    <Check name="active" label={t('desk.webhooks.is_active')} checked={typed.active === 'yes'} />
    <Button>{t('desk.webhooks.save')}</Button>
  </form>
);
