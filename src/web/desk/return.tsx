import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { namesOf } from '#modules/identity/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import {
  chargeExchange,
  endExchange,
  resendClaim,
  RETURN_WORKERS,
  returnById,
  type ReturnRequest,
  type ReturnStep,
  takeStepAs,
} from '#modules/orders/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { momentName } from './figures.tsx';
import { Exchange } from './return-exchange.tsx';
import { NextSteps, stepIn } from './return-forms.tsx';
import { DeskShell } from './shell.tsx';

const Params = exactly({ id: Id });
const Typed = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 1000 }), {
  maxProperties: 400,
});

interface View {
  request: ReturnRequest;
  places: Location[];
  names: ReadonlyMap<string, string>;
  timeZone: string;
  fault: string | undefined;
}

/** One return: what comes back and why, all that happened to it, and what is done next. */
export const returnPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const show = async (reply: FastifyReply, id: string, fault?: string) => {
    const request = await returnById(db, id);
    const names = await namesOf(db, [...new Set(request.steps.map(({ actor }) => actor))]);
    const view = { request, places: await locations(db), names, timeZone: config.timeZone, fault };
    return reply.page((about) => <ReturnView page={about} view={view} />);
  };

  app.get('/desk/returns/:id', page('staff', { params: Params }), async ({ params: { id } }, reply) =>
    show(reply, id),
  );

  app.post(
    '/desk/returns/:id/step',
    page(['staff:operations', 'staff:service'], { params: Params, body: Typed }),
    async ({ viewer, params: { id }, body }, reply) => {
      const wish: Omit<ReturnStep, 'actor' | 'requestId'> | undefined = stepIn(
        body,
        await returnById(db, id),
      );
      if (!wish) return show(reply.code(422), id, t('desk.returns.fault.typed'));
      try {
        const step = { ...wish, requestId: id };
        if (body['to'] === 'approved' && body['resend'] === 'yes') await resendClaim(deps, viewer, step);
        else await inTransaction(db, (tx) => takeStepAs(tx, viewer, step, undefined, now()));
        return sendOn(reply, `/desk/returns/${id}`, 'desk.returns.done');
      } catch (error) {
        if (!(error instanceof AppError) || error.status === 404) throw error;
        return show(reply.code(error.status), id, t('desk.returns.fault.refused', { why: error.title }));
      }
    },
  );
};

const acting = page(['staff:operations', 'staff:service'], {
  params: Params,
  body: exactly({ id: Id, act: Type.Enum(['charge', 'end']), reference: Text(100) }),
});

/** What staff do where goods that were to pay for others do not come, or are not kept. */
export const exchangeEnds: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  app.post('/desk/returns/:id/exchange', acting, async ({ viewer, params, body }, reply) => {
    const { id, act, reference } = body;
    const path = `/desk/returns/${params.id}`;
    const wish = { id, requestId: params.id };
    try {
      await inTransaction(db, (tx) =>
        act === 'end'
          ? endExchange(tx, viewer, wish, now())
          : chargeExchange(tx, viewer, { ...wish, reference: reference.trim() }, now()),
      );
      return sendOn(reply, path, 'desk.returns.done');
    } catch (error) {
      if (!(error instanceof AppError) || error.status === 404) throw error;
      return sendOn(reply, path, 'desk.exchange.fault');
    }
  });
};

function ReturnView({ page: { format, ...about }, view }: { page: Page; view: View }) {
  const { request, places, names, timeZone, fault } = view;
  const { orderNumber: number, kind, state, lines, steps, note, answer, refundMinor, currency } = request;
  const title = t('desk.returns.one', { number });
  return (
    <DeskShell page={{ format, ...about }} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {say(`desk.returns.kind.${kind}`)} · {say(`desk.returns.state.${state}`)}
          {refundMinor !== null && ` · ${t('return.back', { amount: format.money(refundMinor, currency) })}`}
        </p>
        <p>
          <a href={`/desk/orders/${request.orderId}`}>{t('desk.returns.to_order')}</a>
        </p>
      </header>
      {fault && <Notice kind="error">{fault}</Notice>}
      {note && <p>{t('desk.returns.note', { note })}</p>}
      {answer && <p>{t('desk.returns.answer', { answer })}</p>}
      <Table
        caption={t('desk.returns.goods')}
        rows={lines}
        rowKey={({ lineId }) => lineId}
        columns={[
          {
            title: t('desk.returns.goods'),
            cell: ({ title: name, options }) => [name, options].filter(Boolean).join(' · '),
          },
          { title: t('desk.returns.units'), figures: true, cell: ({ quantity }) => quantity },
          { title: t('return.reason'), cell: ({ reason }) => say(`return.reason.${reason}`) },
          { title: t('desk.returns.restock'), figures: true, cell: ({ restocked }) => restocked },
          { title: t('desk.returns.damage'), figures: true, cell: ({ damaged }) => damaged },
          { title: t('desk.returns.refuse'), figures: true, cell: ({ refused }) => refused },
        ]}
      />
      {request.exchange && (
        <Exchange
          request={request}
          exchange={request.exchange}
          format={format}
          mayAct={mayEnter(about.viewer, RETURN_WORKERS)}
        />
      )}
      {mayEnter(about.viewer, RETURN_WORKERS) && (
        <NextSteps request={request} places={places} stepId={newId()} />
      )}
      <h2>{t('desk.returns.steps')}</h2>
      <Table
        caption={t('desk.returns.steps')}
        rows={steps}
        rowKey={({ id }) => id}
        columns={[
          { title: t('desk.returns.step'), cell: (step) => say(`desk.returns.state.${step.state}`) },
          { title: t('desk.returns.when'), cell: ({ takenAt }) => momentName(format, takenAt, timeZone) },
          { title: t('desk.returns.who'), cell: ({ actor }) => names.get(actor) ?? actor },
        ]}
      />
    </DeskShell>
  );
}
