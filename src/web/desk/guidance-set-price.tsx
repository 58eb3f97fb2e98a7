import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { catalogErrors, changePrice } from '#modules/catalog/index.ts';
import { type Adjustment, adjustments, decide, guidanceErrors } from '#modules/guidance/index.ts';
import { actorOf } from '#modules/identity/index.ts';
import { decimalText } from '#platform/csv.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { PriceWords } from './guidance-price.tsx';
import { type Names, namesFor } from './guidance-words.ts';
import { priceIn } from './price-amount.ts';
import { Plain } from './price-form.ts';
import { PRICE_WRITERS } from './prices.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/guidance/prices/:id';
const Params = exactly({ id: Id });

type Repricing = Extract<Adjustment, { kind: 'reprice' }>;
interface View {
  adjustment: Repricing;
  names: Names;
  decisionId: string;
  amount: string;
  error?: string | undefined;
}

/** The form of a price that guidance proposes: whoever sets it has accepted it, and what it brings is measured. */
export const guidanceSetPrice: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  const found = async (id: string): Promise<Repricing> => {
    const [adjustment] = await adjustments(db, { id, limit: 1 });
    if (adjustment?.kind !== 'reprice') throw guidanceErrors.adjustment_not_found({});
    return adjustment;
  };
  const show = async (reply: FastifyReply, adjustment: Repricing, more: Partial<View> = {}) => {
    const view: View = {
      adjustment,
      names: await namesFor({ db, reads }, { found: [adjustment] }),
      decisionId: newId(),
      amount: decimalText(adjustment.facts.becomesMinor, adjustment.currency),
      ...more,
    };
    return reply.page((about) => <SetPricePage page={about} view={view} />);
  };

  app.get(PATH, page(PRICE_WRITERS, { params: Params }), async ({ params: { id } }, reply) =>
    show(reply, await found(id)),
  );

  app.post(
    PATH,
    page(PRICE_WRITERS, { params: Params, body: exactly({ id: Id, amount: Plain(60) }) }),
    async ({ params: { id: adjustmentId }, body: { id, amount }, viewer }, reply) => {
      const adjustment = await found(adjustmentId);
      const { offerId, wasMinor } = adjustment.facts;
      const refused = (status: number, error: string) =>
        show(reply.code(status), adjustment, { decisionId: id, amount, error });
      const { minor, why } = priceIn(amount, adjustment.currency);
      if (why !== undefined) return refused(422, why);
      if (minor === 0 || minor === wasMinor) return refused(422, t('desk.guidance.price.set.fault.same'));
      const actor = actorOf(viewer);
      try {
        await inTransaction(db, async (tx) => {
          await decide(tx, actor, { id, adjustmentId, verdict: 'accepted', reason: '' }, now());
          await changePrice(tx, actor, { offerId, wasMinor, amountMinor: minor }, now());
        });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === guidanceErrors.adjustment_not_open.code)
          return sendOn(reply, '/desk/guidance', 'desk.guidance.was_not_open');
        const fault = FAULTS[error.code];
        if (!fault) throw error;
        return refused(409, say(fault));
      }
      return sendOn(reply, `/desk/guidance#adjustment-${adjustmentId}`, 'desk.guidance.price.set.done');
    },
  );
};

const FAULTS: Record<string, Parameters<typeof say>[0]> = {
  [catalogErrors.price_moved.code]: 'desk.guidance.price.set.fault.moved',
  [catalogErrors.price_over.code]: 'desk.guidance.price.set.fault.over',
  [catalogErrors.offer_uneven.code]: 'desk.guidance.price.set.fault.uneven',
};

function SetPricePage({ page: about, view }: { page: Page; view: View }) {
  const { adjustment, names, decisionId, amount, error } = view;
  return (
    <DeskShell page={about} title={t('desk.guidance.price.set')}>
      <header class="desk-head">
        <p>
          <a href="/desk/guidance">{t('desk.guidance')}</a>
        </p>
        <h1>{t('desk.guidance.price.set')}</h1>
        <p class="soft">{t('desk.guidance.price.set.lead')}</p>
      </header>
      <section class="panel">
        <PriceWords adjustment={adjustment} names={names} format={about.format} />
        {adjustment.state === 'open' ? (
          <form method="post" action={`/desk/guidance/prices/${adjustment.id}`} class="form" novalidate>
            <input type="hidden" name="id" value={decisionId} />
            <Field
              name="amount"
              label={t('desk.guidance.price.set.amount', { currency: adjustment.currency })}
              value={amount}
              error={error}
              required
              input={{ autocomplete: 'off', inputmode: 'decimal' }}
            />
            <div class="actions">
              <Button>{t('desk.guidance.price.set')}</Button>
            </div>
          </form>
        ) : (
          <p>{t('desk.guidance.was_not_open')}</p>
        )}
      </section>
    </DeskShell>
  );
}
