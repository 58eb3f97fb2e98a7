import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { correct, keepBack, locations } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { actorOf } from './stock-actor.ts';
import {
  CorrectionBody,
  correctionIn,
  firstCorrection,
  SafetyBody,
  safetyIn,
  type TypedCorrection,
  type TypedSafety,
} from './stock-correction.ts';
import { CorrectionForm, SafetyForm } from './stock-correction-form.tsx';
import { stockFaultIn } from './stock-fault.ts';
import { Ledger, Places, Position } from './stock-ledger.tsx';
import { maySell, SellingForm, sellingAs, sellingForm, type TypedSelling } from './stock-selling.tsx';
import { LedgerQuery, readVariant, type VariantView } from './stock-variant-view.ts';
import { mayBook, STOCK_READERS, STOCK_WRITERS, StockShell, type StockFault } from './stock-shell.tsx';

const Params = exactly({ variantId: Id });
/** What a form that was refused comes back with. */
const WHOLE_LEDGER = { at: '', place: '', before: 0 };

/** One variant: where it is, what became of it, and what people found to be otherwise. */
export const stockVariantPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const show = async (reply: FastifyReply, { variantId, query = WHOLE_LEDGER, fault, ...typed }: Asked) => {
    const view = await readVariant(deps, variantId, query);
    if (fault) void reply.code(fault.status);
    const form = {
      fault,
      correction: typed.correction ?? firstCorrection(query.place),
      safety: typed.safety ?? { shelf: query.place, safety: '' },
      selling: typed.selling ?? sellingAs(view.selling),
    };
    return reply.page((about) => <VariantPage page={about} view={view} form={form} />);
  };

  await sellingForm((reply, variantId, selling, fault) => show(reply, { variantId, selling, fault }))(
    app,
    deps,
  );

  app.get(
    '/desk/stock/:variantId',
    page(STOCK_READERS, { params: Params, querystring: LedgerQuery }),
    async ({ params: { variantId }, query }, reply) => show(reply, { variantId, query }),
  );

  app.post(
    '/desk/stock/:variantId',
    page(STOCK_WRITERS, { params: Params, body: CorrectionBody }),
    async ({ viewer, params: { variantId }, body: typed }, reply) => {
      const found = correctionIn(typed, variantId, await locations(db));
      if ('status' in found) return show(reply, { variantId, correction: typed, fault: found });
      const fault = await stockFaultIn(db, () =>
        inTransaction(db, (tx) => correct(tx, { ...found, ...actorOf(viewer) }, now())),
      );
      if (!fault) return sendOn(reply, `/desk/stock/${variantId}`, 'desk.stock.booked');
      const correction = fault.isSpent ? { ...typed, id: newId() } : typed;
      return show(reply, { variantId, correction, fault });
    },
  );

  app.post(
    '/desk/stock/:variantId/safety',
    page(STOCK_WRITERS, { params: Params, body: SafetyBody }),
    async ({ params: { variantId }, body: safety }, reply) => {
      const found = safetyIn(safety, await locations(db));
      if ('status' in found) return show(reply, { variantId, safety, fault: found });
      const fault = await stockFaultIn(db, () =>
        inTransaction(db, (tx) => keepBack(tx, { variantId, ...found })),
      );
      if (fault) return show(reply, { variantId, safety, fault });
      return sendOn(reply, `/desk/stock/${variantId}`, 'desk.stock.safety.set');
    },
  );
};

interface Asked {
  variantId: string;
  query?: LedgerQuery;
  correction?: TypedCorrection;
  safety?: TypedSafety;
  selling?: TypedSelling;
  fault?: StockFault;
}

interface Form {
  correction: TypedCorrection;
  safety: TypedSafety;
  selling: TypedSelling;
  fault: StockFault | undefined;
}

function VariantPage({ page: about, view, form }: { page: Page; view: VariantView; form: Form }) {
  const { id, title, sku, options, slug } = view.variant;
  return (
    <StockShell
      page={about}
      title={title}
      lead={
        <>
          {[sku, ...options].join(' · ')}
          {slug && (
            <>
              {' · '}
              <a href={`/p/${slug}`}>{t('desk.stock.in_shop')}</a>
            </>
          )}
        </>
      }
    >
      <Places page={about} view={view} />
      {mayBook(about.viewer) && (
        <div class="stock-forms">
          <CorrectionForm
            action={`/desk/stock/${id}`}
            places={view.places}
            typed={form.correction}
            fault={form.fault}
          />
          <SafetyForm
            action={`/desk/stock/${id}/safety`}
            places={view.places}
            typed={form.safety}
            fault={form.fault}
          />
        </div>
      )}
      {maySell(about.viewer) && (
        <SellingForm
          action={`/desk/stock/${id}/selling`}
          promised={view.selling.promised}
          typed={form.selling}
          fault={form.fault}
        />
      )}
      <Position page={about} view={view} />
      <Ledger page={about} view={view} />
    </StockShell>
  );
}
