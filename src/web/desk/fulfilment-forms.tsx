import type { Static } from 'typebox';
import {
  type FulfilmentOrder,
  MANUAL,
  type RejectedLine,
  REJECTION_REASONS,
  type ShipmentWish,
} from '#modules/fulfilment/index.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import type { VariantName } from '#read/stock-list.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import { Text } from '../page.ts';

/** What is wrong with a form, in words; with `field`, beside that field. */
export interface FormFault {
  status: number;
  text: string;
  field?: string;
  typed?: Record<string, string>;
}

const errorAt = (fault: FormFault | undefined, field: string) =>
  fault?.field === field ? fault.text : undefined;

interface ShipProps {
  action: string;
  carriers: readonly string[];
  fault: FormFault | undefined;
}

export function ShipForm({ action, carriers, fault }: ShipProps) {
  const typed = fault?.typed ?? {};
  return (
    <section class="panel admin-form" aria-labelledby="ship">
      <h2 id="ship">{t('desk.fulfilment.ship')}</h2>
      <p class="soft">{t('desk.fulfilment.ship.hint')}</p>
      <form method="post" action={action} class="form">
        <input type="hidden" name="shipmentId" value={typed['shipmentId'] ?? newId()} />
        <Select
          name="carrier"
          label={t('desk.fulfilment.carrier')}
          value={typed['carrier']}
          required
          options={carriers.map((value) => ({
            value,
            label: value === MANUAL ? t('desk.fulfilment.carrier.manual') : value,
          }))}
        />
        <Field
          name="tracking"
          label={t('desk.fulfilment.tracking')}
          hint={t('desk.fulfilment.tracking.hint')}
          value={typed['tracking']}
          error={errorAt(fault, 'tracking')}
          required={false}
          input={{ autocomplete: 'off', maxlength: 60 }}
        />
        <Field
          name="weight"
          label={t('desk.fulfilment.weight')}
          value={typed['weight']}
          error={errorAt(fault, 'weight')}
          required
          input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 7 }}
        />
        <div class="actions">
          <Button>{t('desk.fulfilment.ship.button')}</Button>
        </div>
      </form>
    </section>
  );
}

/** The goods for the order's number or its code. */
export function CollectForm({ action, fault }: Omit<ShipProps, 'carriers'>) {
  return (
    <section class="panel" aria-labelledby="collect">
      <h2 id="collect">{t('desk.fulfilment.collect')}</h2>
      <form method="post" action={action} class="form">
        <input type="hidden" name="stepId" value={newId()} />
        <Field
          name="proof"
          label={t('desk.fulfilment.collect.proof')}
          hint={t('desk.fulfilment.collect.hint')}
          value={fault?.typed?.['proof']}
          error={errorAt(fault, 'proof')}
          required
          input={{ autocomplete: 'off', maxlength: 40 }}
        />
        <div class="actions">
          <Button>{t('desk.fulfilment.collect.button')}</Button>
        </div>
      </form>
    </section>
  );
}

interface RejectProps {
  action: string;
  lines: FulfilmentOrder['lines'];
  names: ReadonlyMap<string, VariantName>;
  fault: FormFault | undefined;
}

export function RejectForm({ action, lines, names, fault }: RejectProps) {
  const typed = fault?.typed ?? {};
  return (
    <section class="panel admin-form" aria-labelledby="reject">
      <h2 id="reject">{t('desk.fulfilment.reject')}</h2>
      <p class="soft">{t('desk.fulfilment.reject.hint')}</p>
      <form method="post" action={action} class="form">
        <input type="hidden" name="rejectionId" value={newId()} />
        {lines
          .filter(({ remaining }) => remaining > 0)
          .map(({ orderLineId, variantId }) => {
            const sku = names.get(variantId)?.sku ?? '';
            const [units, reason, counted] = fieldsOf(orderLineId);
            return (
              <fieldset key={orderLineId} class="form">
                <legend>{names.get(variantId)?.title ?? sku}</legend>
                <Field
                  name={units}
                  label={t('desk.fulfilment.reject.units', { sku })}
                  value={typed[units] ?? '0'}
                  error={errorAt(fault, units)}
                  input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 7 }}
                />
                <Select
                  name={reason}
                  label={t('desk.fulfilment.reject.reason')}
                  value={typed[reason]}
                  options={REJECTION_REASONS.map((value) => ({
                    value,
                    label: say(`desk.fulfilment.reason.${value}`),
                  }))}
                />
                <Field
                  name={counted}
                  label={t('desk.fulfilment.reject.counted')}
                  hint={t('desk.fulfilment.reject.counted.hint')}
                  value={typed[counted]}
                  error={errorAt(fault, counted)}
                  input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 7 }}
                />
              </fieldset>
            );
          })}
        <div class="actions">
          <Button look="danger">{t('desk.fulfilment.reject.button')}</Button>
        </div>
      </form>
    </section>
  );
}

const fieldsOf = (orderLineId: string) =>
  [`units_${orderLineId}`, `reason_${orderLineId}`, `counted_${orderLineId}`] as const;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const figureIn = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN);

/** The rejection that was typed, or what is wrong with which field. */
export function rejectionIn(
  typed: Record<string, string>,
  lines: FulfilmentOrder['lines'],
): { id: string; lines: RejectedLine[] } | FormFault {
  const fault = (field: string, text: string): FormFault => ({ status: 422, field, text, typed });
  const rejected: RejectedLine[] = [];
  for (const { orderLineId, remaining } of lines) {
    const [unitsField, reasonField, countedField] = fieldsOf(orderLineId);
    const quantity = figureIn(typed[unitsField]?.trim() || '0');
    if (!(quantity <= remaining)) return fault(unitsField, t('desk.fulfilment.fault.units'));
    if (quantity === 0) continue;
    const reason = REJECTION_REASONS.find((each) => each === typed[reasonField]) ?? 'other';
    const counted = figureIn(typed[countedField]?.trim() ?? '');
    if (reason === 'mismatch' && Number.isNaN(counted))
      return fault(countedField, t('desk.fulfilment.fault.counted'));
    rejected.push({ orderLineId, quantity, reason, ...(reason === 'mismatch' && { counted }) });
  }
  if (rejected.length === 0) return { status: 422, text: t('desk.fulfilment.fault.nothing'), typed };
  const { rejectionId = '' } = typed as { rejectionId?: string };
  return { id: ID.test(rejectionId) ? rejectionId : newId(), lines: rejected };
}

export const ShipBody = exactly({ shipmentId: Id, carrier: Text(40), tracking: Text(60), weight: Text(10) });

/** The shipment that was typed, or what is wrong with which field. */
export function shipmentIn(
  typed: Static<typeof ShipBody>,
): Pick<ShipmentWish, 'id' | 'carrier' | 'parcels'> | FormFault {
  const { shipmentId: id, carrier, tracking, weight } = typed;
  const fault = (field: string, text: string): FormFault => ({
    status: 422,
    field,
    text,
    typed: { ...typed, shipmentId: newId() },
  });
  const weightGrams = /^\d{1,7}$/.test(weight.trim()) ? Number(weight) : 0;
  if (weightGrams < 1 || weightGrams > 2_000_000) return fault('weight', t('desk.fulfilment.fault.weight'));
  const trackingNumber = tracking.trim();
  if (carrier !== MANUAL) return { id, carrier, parcels: [{ weightGrams }] };
  if (!/^[\x21-\x7e]{1,60}$/.test(trackingNumber))
    return fault('tracking', t('desk.fulfilment.fault.tracking'));
  return { id, carrier, parcels: [{ weightGrams, trackingNumber }] };
}
