import type { ReturnRequest } from '#modules/orders/index.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { type PlainKey, say, t } from '../messages.ts';
import { type FormFault, type Priced, TAKE_BACK } from './take-back-typed.ts';

/** As many codes as somebody would scan, one below the other. */
export const WANTED_CHARS_MAX = 2000;
const AMOUNT = { inputmode: 'decimal', maxlength: 20, autocomplete: 'off' } as const;

interface Props {
  orderId: string;
  priced: Priced | undefined;
  fault: FormFault | undefined;
  typed: Record<string, string> | undefined;
  format: Format;
}

/** What is taken in place of the goods above: scanned one below the other, priced, then exchanged at that price. */
export function ExchangeFields({ orderId, priced, fault, typed, format }: Props) {
  const action = `${TAKE_BACK}/orders/${orderId}/exchange`;
  const wanted = typed?.['wanted'];
  const errorOf = (field: string) => (fault?.field === field ? fault.text : undefined);
  return (
    <details class="till-part" id="exchange" open={Boolean(wanted) || errorOf('wanted') !== undefined}>
      <summary>{t('till.swap')}</summary>
      <TextArea
        name="wanted"
        label={t('till.swap.wanted')}
        hint={t('till.swap.wanted.hint')}
        value={wanted}
        error={errorOf('wanted')}
        rows={3}
        required
      />
      {priced && <Quoted priced={priced} format={format} />}
      {priced && priced.quote.toPayMinor > 0 && (
        <PaidBy means={typed?.['means'] === 'card' ? 'card' : 'cash'} typed={typed} errorOf={errorOf} />
      )}
      <div class="actions">
        {priced && (
          <Button formaction={action} name="act" value="exchange" autofocus={priced.quote.toPayMinor === 0}>
            {t('till.swap.submit')}
          </Button>
        )}
        <Button look="plain" formaction={action} name="act" value="price">
          {t('till.swap.price')}
        </Button>
        {priced && (
          <ButtonLink look="plain" href={`${TAKE_BACK}?q=${orderId}`}>
            {t('till.swap.not')}
          </ButtonLink>
        )}
      </div>
    </details>
  );
}

/** How the difference is paid: of the two fields only the one of the chosen means is shown, and needed. */
function PaidBy({
  means,
  typed,
  errorOf,
}: Pick<Props, 'typed'> & { means: 'cash' | 'card'; errorOf: (field: string) => string | undefined }) {
  return (
    <div class="till-line-fields till-paid-by">
      <Select
        name="means"
        label={t('till.swap.means')}
        value={means}
        options={[
          { value: 'cash', label: t('till.swap.means.cash') },
          { value: 'card', label: t('till.swap.means.card') },
        ]}
      />
      <Field
        name="tendered"
        class="by-cash"
        label={t('till.swap.tendered')}
        hint={t('till.swap.tendered.hint')}
        value={typed?.['tendered']}
        error={errorOf('tendered')}
        required={false}
        input={{ ...AMOUNT, autofocus: means === 'cash' }}
      />
      <Field
        name="reference"
        class="by-card"
        label={t('till.swap.reference')}
        hint={t('till.swap.reference.hint')}
        value={typed?.['reference']}
        error={errorOf('reference')}
        input={{ maxlength: 60, autocomplete: 'off', autofocus: means === 'card' }}
      />
    </div>
  );
}

function Quoted({ priced: { quote, names }, format }: { priced: Priced; format: Format }) {
  const { currency, worthMinor, totalMinor, toPayMinor, backMinor } = quote;
  const rows: readonly (readonly [PlainKey, number])[] = [
    ['till.swap.worth', worthMinor],
    ['till.swap.costs', totalMinor],
    backMinor > 0 ? ['till.swap.back', backMinor] : ['till.swap.to_pay', toPayMinor],
  ];
  return (
    <>
      <p role="status">{names.join(', ')}</p>
      <input type="hidden" name="to_pay" value={toPayMinor} />
      <dl class="sums till-pays">
        {rows.map(([key, minor]) => (
          <div key={key} class="sum">
            <dt>{say(key)}</dt>
            <dd>{format.money(minor, currency)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** What was taken in place of goods that came back, where anything was. */
export function TakenInstead({
  exchange,
  changeMinor,
  currency,
  format,
}: {
  exchange: NonNullable<ReturnRequest['exchange']>;
  /** Of what was paid in cash; undefined where it is sent and was not taken over the counter. */
  changeMinor: number | undefined;
  currency: string;
  format: Format;
}) {
  const { orderId, orderNumber } = exchange;
  return (
    <>
      <p>
        <a href={`/orders/${orderId}`}>{t('till.swap.instead', { number: orderNumber })}</a>
        {changeMinor === undefined && ` · ${t('till.swap.sent')}`}
      </p>
      {changeMinor !== undefined && changeMinor > 0 && (
        <p class="till-expected">{t('till.swap.change', { amount: format.money(changeMinor, currency) })}</p>
      )}
    </>
  );
}
