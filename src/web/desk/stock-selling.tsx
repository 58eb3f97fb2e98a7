import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import {
  LEAD_DAYS_MAX,
  sellBy,
  type SellingRule,
  type SellingState,
  UNITS_AHEAD_MAX,
} from '#modules/inventory/index.ts';
import { type Access, mayEnter, type Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { page, sendOn, Text } from '../page.ts';
import { stockFaultIn } from './stock-fault.ts';
import { faultAt, FaultNotice, faultWith, isDay, type StockFault, unitsIn } from './stock-shell.tsx';

/** Who says what may be promised: as the API's route says. */
const SELLERS = 'staff:merchant' satisfies Access;
export const maySell = (viewer: Viewer): boolean => mayEnter(viewer, SELLERS);

const KINDS = ['from_stock', 'back_order', 'pre_order'] as const;

const SellingBody = exactly({
  selling: Type.Enum([...KINDS]),
  units: Text(10),
  leadDays: Text(10),
  releaseOn: Text(10),
});
export type TypedSelling = Static<typeof SellingBody>;

/** The rule in force, as its form shows it. */
export const sellingAs = ({ rule }: SellingState): TypedSelling => ({
  selling: rule.kind,
  units: rule.kind === 'from_stock' ? '' : String(rule.unitsMax),
  leadDays: rule.kind === 'back_order' ? String(rule.leadDays) : '',
  releaseOn: rule.kind === 'pre_order' ? rule.releaseOn : '',
});

/** The rule that was typed, or what is wrong with it. */
function sellingIn({ selling: kind, ...typed }: TypedSelling): SellingRule | StockFault {
  if (kind === 'from_stock') return { kind };
  const unitsMax = unitsIn(typed.units, 1);
  if (unitsMax === undefined || unitsMax > UNITS_AHEAD_MAX)
    return faultWith('units', t('desk.selling.fault.units'));
  if (kind === 'pre_order') {
    const { releaseOn } = typed;
    return isDay(releaseOn)
      ? { kind, unitsMax, releaseOn }
      : faultWith('releaseOn', t('desk.selling.fault.release'));
  }
  const leadDays = unitsIn(typed.leadDays, 1);
  return leadDays === undefined || leadDays > LEAD_DAYS_MAX
    ? faultWith('leadDays', t('desk.selling.fault.lead_days'))
    : { kind, unitsMax, leadDays };
}

type Show = (reply: Reply, variantId: string, selling: TypedSelling, fault: StockFault) => Promise<unknown>;
type Reply = Parameters<typeof sendOn>[0];

/** The form's route; `show` is the page that it stands on. */
export const sellingForm =
  (show: Show): FastifyPluginAsyncTypebox<Deps> =>
  async (app, { db, now }) => {
    app.post(
      '/desk/stock/:variantId/selling',
      page(SELLERS, { params: exactly({ variantId: Id }), body: SellingBody }),
      async ({ params: { variantId }, body: typed }, reply) => {
        const rule = sellingIn(typed);
        if ('status' in rule) return show(reply, variantId, typed, rule);
        const fault = await stockFaultIn(db, () =>
          inTransaction(db, (tx) => sellBy(tx, variantId, rule, now())),
        );
        if (fault) return show(reply, variantId, typed, fault);
        return sendOn(reply, `/desk/stock/${variantId}`, 'desk.selling.set');
      },
    );
  };

interface Props {
  action: string;
  promised: number;
  typed: TypedSelling;
  fault: StockFault | undefined;
}

/** What may be promised when no unit is free. */
export function SellingForm({ action, promised, typed, fault }: Props) {
  return (
    <section class="panel admin-form" aria-labelledby="selling">
      <h2 id="selling">{t('desk.selling')}</h2>
      <p class="soft">
        {t('desk.selling.lead')} {promised > 0 && t('desk.selling.promised', { count: promised })}
      </p>
      <FaultNotice fault={fault} />
      <form method="post" action={`${action}#selling`} class="form">
        <fieldset class="kinds">
          <legend>{t('desk.selling')}</legend>
          {KINDS.map((kind) => (
            <label class="check" key={kind}>
              <input type="radio" name="selling" value={kind} checked={kind === typed.selling} />
              <span>
                {t(`desk.selling.kind.${kind}`)}
                <small class="hint">{t(`desk.selling.kind.${kind}.hint`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          name="units"
          label={t('desk.selling.units')}
          hint={t('desk.selling.units.hint')}
          value={typed.units}
          error={faultAt(fault, 'units')}
          input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 7 }}
        />
        <div class="form-row">
          <Field
            name="leadDays"
            label={t('desk.selling.lead_days')}
            value={typed.leadDays}
            error={faultAt(fault, 'leadDays')}
            input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 4 }}
          />
          <Field
            name="releaseOn"
            type="date"
            label={t('desk.selling.release')}
            value={typed.releaseOn}
            error={faultAt(fault, 'releaseOn')}
          />
        </div>
        <div class="actions">
          <Button look="plain">{t('desk.selling.button')}</Button>
        </div>
      </form>
    </section>
  );
}
