import type { ReturnRequest } from '#modules/orders/index.ts';
import { FOUND, type takeIn } from '#modules/till/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { type FormFault, TAKE_BACK } from './take-back-typed.ts';

type TakenIn = Parameters<typeof takeIn>[1]['lines'];

/** Two returns of one order may name the same line: a field says of which it is. */
const fieldsOf = ({ id }: ReturnRequest, lineId: string) => {
  const end = `${id.slice(0, 8)}_${lineId}`;
  return [`in_units_${end}`, `in_found_${end}`] as const;
};

/** What a form says of an announced return, or what is wrong with it. */
export function broughtIn(typed: Record<string, string>, request: ReturnRequest): TakenIn | FormFault {
  const brought: TakenIn[number][] = [];
  for (const { lineId, quantity: left } of request.lines) {
    const [units, founds] = fieldsOf(request, lineId);
    const text = (typed[units] ?? '').trim() || '0';
    const quantity = Number(text);
    if (!/^\d{1,6}$/.test(text) || quantity > left)
      return { status: 422, field: units, text: t('till.back.fault.units', { left }), typed };
    const found = FOUND.find((each) => each === typed[founds]) ?? 'restock';
    if (quantity > 0) brought.push({ lineId, quantity, found });
  }
  return brought.length > 0 ? brought : { status: 422, text: t('till.back.fault.nothing'), typed };
}

interface Props {
  request: ReturnRequest;
  format: Format;
  fault: FormFault | undefined;
}

/** A return that its buyer announced: what they said, and what of it they bring. */
export function Announced({ request, format, fault }: Props) {
  const { id, state, requestedAt, lines, refundTo, note, exchange } = request;
  return (
    <section class="till-announced" aria-labelledby={`in-${id}`}>
      <h3 id={`in-${id}`}>{t('till.in.title', { day: format.date(requestedAt) })}</h3>
      <p class="soft">
        {say(`till.in.state.${state === 'received' ? 'received' : 'announced'}`)}{' '}
        {exchange
          ? t('till.in.exchange', { number: exchange.orderNumber })
          : say(`till.in.refund.${refundTo}`)}
      </p>
      {note && <p>{t('till.in.note', { note })}</p>}
      {fault && fault.field === undefined && <Notice kind="error">{fault.text}</Notice>}
      <form method="post" action={`${TAKE_BACK}/returns/${id}`} class="form" novalidate>
        {lines.map(({ lineId, title, options, quantity, reason }) => {
          const [units, founds] = fieldsOf(request, lineId);
          return (
            <fieldset key={lineId} class="till-line">
              <legend>{[title, options].filter(Boolean).join(' · ')}</legend>
              <p class="soft">
                {t('till.in.said', { count: quantity, reason: say(`return.reason.${reason}`) })}
              </p>
              <div class="till-line-fields">
                <Field
                  name={units}
                  label={t('till.back.units')}
                  value={fault?.typed[units] ?? String(quantity)}
                  error={fault?.field === units ? fault.text : undefined}
                  input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
                />
                <Select
                  name={founds}
                  label={t('till.back.found')}
                  value={fault?.typed[founds]}
                  options={FOUND.map((value) => ({ value, label: say(`till.back.found.${value}`) }))}
                />
              </div>
            </fieldset>
          );
        })}
        <div class="actions">
          <Button>{t('till.in.submit')}</Button>
        </div>
      </form>
    </section>
  );
}
