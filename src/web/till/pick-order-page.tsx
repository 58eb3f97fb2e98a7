import type { FulfilmentOrder, Shipment } from '#modules/fulfilment/index.ts';
import { newId } from '#platform/ids.ts';
import type { VariantName } from '#read/stock-list.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { dayName } from '../desk/figures.tsx';
import { type FormFault, RejectForm, ShipForm } from '../desk/fulfilment-forms.tsx';
import { Papers } from '../desk/fulfilment-order.tsx';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { mayPrint } from './part-here.ts';
import { isAllPicked, writtenPicked } from './picked-units.ts';

import type { Here } from './register-here.ts';
import { ScanField } from './scan.tsx';
import { TillShell } from './shell.tsx';

interface View {
  part: FulfilmentOrder;
  /** Of the order. */
  number: string;
  /** Units scanned, by line. */
  picked: readonly number[];
  names: ReadonlyMap<string, VariantName>;
  shipment: Shipment | undefined;
  carriers: string[];
  fault: FormFault | undefined;
}

interface Props {
  page: Page;
  here: Here;
  view: View;
}

const pathOf = (id: string) => `/till/pick/${id}`;

export function PickOrderPage({ page: about, here, view }: Props) {
  const { part, number, shipment, fault } = view;
  const { id, state, leavesOn, promisedTo } = part;
  const { format } = about;
  return (
    <TillShell page={about} here={here} title={t('till.pick.one', { number })}>
      <h1>{t('till.pick.one', { number })}</h1>
      <p class="soft">
        {t('desk.fulfilment.one.lead', {
          state: say(`desk.fulfilment.state.${state}`),
          leaves: dayName(format, leavesOn),
          due: dayName(format, promisedTo),
        })}
      </p>
      <p>
        <a href="/till/pick">{t('till.pick')}</a>
      </p>
      {fault && fault.field === undefined && <Notice kind="error">{fault.text}</Notice>}
      {state === 'accepted' && <ScanForm view={view} />}
      <Lines view={view} />
      <NextStep view={view} here={here} />
      {mayPrint(part, here.store.id) && (
        <Papers
          part={part}
          shipment={shipment}
          slipHref={`${pathOf(id)}/packing-slip`}
          labelHref={`${pathOf(id)}/label`}
        />
      )}
      {state === 'packed' && part.pickupLocationId !== here.store.id && !shipment && (
        <ShipForm action={`${pathOf(id)}/shipment`} carriers={view.carriers} fault={fault} />
      )}
      {(state === 'assigned' || state === 'accepted') && (
        <details class="till-part" open={fault?.typed !== undefined}>
          <summary>{t('desk.fulfilment.reject')}</summary>
          <RejectForm
            action={`${pathOf(id)}/rejection`}
            lines={part.lines}
            names={view.names}
            fault={fault}
          />
        </details>
      )}
    </TillShell>
  );
}

function ScanForm({ view: { part, picked, fault } }: { view: View }) {
  if (isAllPicked(picked, part.lines)) return null;
  return (
    <form method="post" action={`${pathOf(part.id)}/scan`} class="form till-scan">
      <input type="hidden" name="got" value={writtenPicked(picked)} />
      <ScanField
        name="scan"
        label={t('till.scan.article')}
        error={fault?.field === 'scan' ? fault.text : undefined}
      />
      <Button look="plain">{t('till.pick.scan')}</Button>
    </form>
  );
}

function Lines({ view: { part, names, picked } }: { view: View }) {
  return (
    <ul class="till-rows">
      {part.lines.map(({ orderLineId, variantId, remaining }, index) => {
        const name = names.get(variantId);
        if (remaining === 0) return null;
        return (
          <li key={orderLineId}>
            <span>
              {name ? [name.title, ...name.options].join(' · ') : ''}
              <br />
              <span class="soft small">{name?.sku}</span>
            </span>
            <strong class="figures">
              {part.state === 'accepted'
                ? t('till.pick.got', { picked: picked[index] ?? 0, units: remaining })
                : remaining}
            </strong>
          </li>
        );
      })}
    </ul>
  );
}

const NEXT = { assigned: 'accepted', accepted: 'picked', picked: 'packed' } as const;

function NextStep({ view: { part, picked }, here }: { view: View; here: Here }) {
  const { state, pickupLocationId } = part;
  const isCollectedHere = pickupLocationId === here.store.id;
  const next =
    state === 'assigned' || state === 'accepted' || state === 'picked'
      ? NEXT[state]
      : isCollectedHere && (state === 'packed' || state === 'shipped')
        ? 'ready'
        : undefined;
  if (!next || (next === 'picked' && !isAllPicked(picked, part.lines))) return null;
  return (
    <form method="post" action={`${pathOf(part.id)}/step`} class="actions">
      <input type="hidden" name="stepId" value={newId()} />
      <input type="hidden" name="state" value={next} />
      <input type="hidden" name="got" value={writtenPicked(picked)} />
      <Button autofocus>
        {t(state === 'shipped' ? 'desk.fulfilment.to.received' : `desk.fulfilment.to.${next}`)}
      </Button>
    </form>
  );
}
