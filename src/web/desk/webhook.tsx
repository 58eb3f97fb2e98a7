import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  deliveries,
  deliveryOf,
  type Endpoint,
  endpoints,
  ping,
  replay,
  replaySince,
  rotateSecret,
  webhooksErrors,
} from '#modules/webhooks/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { dayBegins } from './audit-query.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { EndpointForm, Secret, stateOf } from './webhooks.tsx';

const SHOWN = 50;
const STATES = ['pending', 'delivered', 'failed'] as const;
const Params = exactly({ id: Id });
const DeliveryId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const OneDelivery = exactly({ id: Id, deliveryId: DeliveryId });
const Query = Type.Object({ state: Text(12), before: Type.Integer({ minimum: 0, default: 0 }) });

interface View {
  endpoint: Endpoint;
  log: Awaited<ReturnType<typeof deliveries>>;
  state: string;
  timeZone: string;
  secret?: string;
  sinceError?: string;
}

/** One address: what it is told, what was sent to it and what it answered. */
export const webhookPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const show = async (
    reply: FastifyReply,
    id: string,
    { state = '', before = 0, ...more }: Partial<View> & { before?: number },
  ) => {
    const endpoint = await endpointOf(deps, id);
    const known = STATES.find((each) => each === state);
    const query = { endpointId: id, state: known, before: before || undefined, limit: SHOWN };
    const log = await deliveries(db, query);
    const view = { ...more, endpoint, log, state: known ?? '', timeZone: config.timeZone };
    return reply.page((about) => <WebhookView page={about} view={view} />);
  };
  const form = <Body extends ReturnType<typeof exactly>>(body: Body) =>
    page('staff:admin', { params: Params, body });

  app.get(
    '/desk/webhooks/:id',
    page('staff:admin', { params: Params, querystring: Query }),
    ({ params: { id }, query }, reply) => show(reply, id, query),
  );
  app.post('/desk/webhooks/:id/secret', form(exactly({})), async ({ viewer, params: { id } }, reply) => {
    const { secret } = await inTransaction(db, (tx) =>
      rotateSecret(tx, actorOf(viewer), id, config.secret, now()),
    );
    return show(reply, id, { secret });
  });
  app.post('/desk/webhooks/:id/ping', form(exactly({})), async ({ params: { id } }, reply) => {
    await inTransaction(db, (tx) => ping(tx, id, now()));
    return sendOn(reply, `/desk/webhooks/${id}`, 'desk.webhooks.pinged');
  });
  app.post(
    '/desk/webhooks/:id/replay',
    page('staff:admin', { params: Params, body: exactly({ delivery: Text(16), since: Text(10) }) }),
    async ({ params: { id }, body: { delivery, since } }, reply) => {
      const from = dayBegins(since, config.timeZone);
      if (delivery === 'since' && !from)
        return show(reply.code(422), id, { sinceError: say('desk.webhooks.replay.since.error') });
      if (delivery === 'since' && from) await replaySince(db, id, from, now());
      else {
        const which =
          delivery === 'failed' ? { state: 'failed' as const } : { deliveryId: Number(delivery) || 0 };
        await inTransaction(db, (tx) => replay(tx, { endpointId: id, ...which }, now()));
      }
      return sendOn(reply, `/desk/webhooks/${id}`, 'desk.webhooks.replayed');
    },
  );
  app.get(
    '/desk/webhooks/:id/deliveries/:deliveryId',
    page('staff:admin', { params: OneDelivery }),
    async ({ params: { id, deliveryId } }, reply) => {
      const delivery = await deliveryOf(db, id, deliveryId);
      return reply.page((about) => (
        <DeliveryView page={about} id={id} delivery={delivery} timeZone={config.timeZone} />
      ));
    },
  );
};

async function endpointOf({ db }: Pick<Deps, 'db'>, id: string): Promise<Endpoint> {
  const endpoint = (await endpoints(db)).find((each) => each.id === id);
  if (!endpoint) throw webhooksErrors.endpoint_not_found({});
  return endpoint;
}

function WebhookView({ page: about, view }: { page: Page; view: View }) {
  const { endpoint, secret } = view;
  const { id, url, description, eventNames, isActive } = endpoint;
  const typed = { id, url, description, events: eventNames, active: isActive ? 'yes' : '' };
  const action = `/desk/webhooks/${id}`;
  return (
    <DeskShell page={about} title={t('desk.webhooks')}>
      <header class="desk-head">
        <h1>{url}</h1>
        <p class="soft">{stateOf(endpoint)}</p>
      </header>
      {secret !== undefined && <Secret secret={secret} />}
      <div class="actions">
        <form method="post" action={`${action}/ping`}>
          <Button look="plain">{t('desk.webhooks.ping')}</Button>
        </form>
        <form method="post" action={`${action}/secret`}>
          <Button look="plain" title={t('desk.webhooks.secret.hint')}>
            {t('desk.webhooks.secret.change')}
          </Button>
        </form>
        <form method="post" action={`${action}/replay`}>
          <input type="hidden" name="delivery" value="failed" />
          <Button look="plain">{t('desk.webhooks.replay.failed')}</Button>
        </form>
      </div>
      <form method="post" action={`${action}/replay`} class="actions">
        <input type="hidden" name="delivery" value="since" />
        <Field name="since" type="date" label={t('desk.webhooks.replay.since')} error={view.sinceError} />
        <Button look="plain">{t('desk.webhooks.replay')}</Button>
      </form>
      <h2>{t('desk.webhooks.log')}</h2>
      <Log page={about} view={view} />
      <h2>{t('desk.webhooks.save')}</h2>
      <EndpointForm typed={typed} errors={{}} />
    </DeskShell>
  );
}

function Log({ page: { format }, view }: { page: Page; view: View }) {
  const { endpoint, log, state, timeZone } = view;
  const action = `/desk/webhooks/${endpoint.id}`;
  const last = log.length === SHOWN ? log.at(-1) : undefined;
  return (
    <>
      <nav class="presets" aria-label={t('desk.webhooks.state')}>
        {(['', ...STATES] as const).map((each) => (
          <a key={each} href={`${action}?state=${each}`} aria-current={each === state ? 'page' : undefined}>
            {t(each === '' ? 'desk.webhooks.log.all' : `desk.webhooks.log.${each}`)}
          </a>
        ))}
      </nav>
      {log.length === 0 ? (
        <EmptyState title={t('desk.webhooks.log.none.title')} text={t('desk.webhooks.log.none.text')} />
      ) : (
        <Table
          caption={t('desk.webhooks.log')}
          rows={log}
          rowKey={({ id }) => String(id)}
          columns={[
            {
              title: t('desk.webhooks.log.number'),
              cell: ({ id }) => <a href={`${action}/deliveries/${id}`}>{id}</a>,
            },
            { title: t('desk.webhooks.log.event'), cell: ({ eventName }) => eventName },
            { title: t('desk.webhooks.state'), cell: (each) => t(`desk.webhooks.log.${each.state}`) },
            {
              title: t('desk.webhooks.log.tries'),
              figures: true,
              cell: ({ attempts }) => format.number(attempts),
            },
            {
              title: t('desk.webhooks.log.due'),
              cell: ({ dueAt }) => dueAt && momentName(format, dueAt, timeZone),
            },
          ]}
        />
      )}
      {last && (
        <nav class="actions" aria-label={t('list.pages')}>
          <a href={`${action}?state=${state}&before=${last.id}`} rel="next">
            {t('desk.webhooks.log.older')}
          </a>
        </nav>
      )}
    </>
  );
}

interface DeliveryProps {
  page: Page;
  id: string;
  delivery: Awaited<ReturnType<typeof deliveryOf>>;
  timeZone: string;
}

function DeliveryView({ page: about, id, delivery, timeZone }: DeliveryProps) {
  const title = t('desk.webhooks.delivery', { number: String(delivery.id) });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {delivery.eventName} · {t(`desk.webhooks.log.${delivery.state}`)}
        </p>
      </header>
      <form method="post" action={`/desk/webhooks/${id}/replay`}>
        <input type="hidden" name="delivery" value={String(delivery.id)} />
        <Button look="plain">{t('desk.webhooks.replay')}</Button>
      </form>
      <h2>{t('desk.webhooks.request')}</h2>
      <pre tabIndex={0}>{`webhook-id: ${delivery.eventId}\n\n${delivery.body}`}</pre>
      <h2>{t('desk.webhooks.tries')}</h2>
      <Table
        caption={t('desk.webhooks.tries')}
        rows={delivery.tries}
        rowKey={({ triedAt }) => triedAt.toISOString()}
        columns={[
          {
            title: t('desk.webhooks.tried_at'),
            cell: ({ triedAt }) => momentName(about.format, triedAt, timeZone),
          },
          { title: t('desk.webhooks.status'), cell: ({ status, error }) => status ?? error },
          {
            title: t('desk.webhooks.took'),
            figures: true,
            cell: ({ tookMs }) => t('desk.webhooks.took.ms', { ms: String(tookMs) }),
          },
          { title: t('desk.webhooks.answer'), cell: ({ answer }) => <code>{answer}</code> },
        ]}
      />
    </DeskShell>
  );
}
