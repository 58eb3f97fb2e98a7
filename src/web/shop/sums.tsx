import type { CodeState, Discount } from '#modules/pricing/index.ts';
import { Field } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

interface DiscountsProps {
  discounts: readonly Pick<Discount, 'promotionId' | 'name' | 'amountMinor'>[];
  currency: string;
  format: Format;
}

/** Each discount by its name, below what it lowers. */
export function DiscountRows({ discounts, currency, format }: DiscountsProps) {
  return (
    <>
      {discounts.map(({ promotionId, name, amountMinor }) => (
        <div key={promotionId} class="sum">
          <dt>{name}</dt>
          <dd>{t('sum.minus', { amount: format.money(amountMinor, currency) })}</dd>
        </div>
      ))}
    </>
  );
}

interface TaxProps {
  taxMinor: number;
  isTaxIncluded: boolean;
  currency: string;
  format: Format;
}

/** The tax that is in the amounts, or comes on top of them; nothing where there is none. */
export function TaxRow({ taxMinor, isTaxIncluded, currency, format }: TaxProps) {
  if (taxMinor === 0) return null;
  return (
    <div class={`sum${isTaxIncluded ? ' soft' : ''}`}>
      <dt>{t(isTaxIncluded ? 'sum.tax.included' : 'sum.tax.added')}</dt>
      <dd>{format.money(taxMinor, currency)}</dd>
    </div>
  );
}

export type CodeFault = { code: string; reason: string };

const REASONS = [
  'unknown',
  'not_begun',
  'ended',
  'not_for_this_basket',
  'used_up',
  'members_only',
  'another_is_better',
  'too_many',
] as const;

/** Why a code does nothing, in words. */
export function codeFaultText({ code, reason }: CodeFault): string {
  const known = REASONS.find((each) => each === reason) ?? 'unknown';
  return t(`code.${known}`, { code });
}

interface CodesProps {
  codes: readonly CodeState[];
  /** What was typed and refused. */
  fault?: CodeFault | undefined;
  /** Where the buttons send the form that they stand in. */
  action: string;
}

/** The codes of a cart with what they do, and a field for one more. The form around it is the page's. */
export function Codes({ codes, fault, action }: CodesProps) {
  return (
    <div class="codes">
      {codes.length > 0 && (
        <ul class="code-list" aria-label={t('code.entered')}>
          {codes.map(({ code, name, refusal }) => (
            <li key={code}>
              <span class={refusal ? 'cart-short' : undefined}>
                {refusal
                  ? codeFaultText({ code, reason: refusal })
                  : t('code.works', { code, name: name ?? '' })}
              </span>
              <button
                class="text-button"
                name="uncode"
                value={code}
                formaction={action}
                aria-label={t('code.remove_of', { code })}
              >
                {t('code.remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="code-entry">
        <Field
          name="code"
          label={t('code.label')}
          value={fault?.code ?? ''}
          error={fault && codeFaultText(fault)}
          input={{ autocomplete: 'off', maxlength: 40 }}
        />
        <button class="button plain" formaction={action}>
          {t('code.add')}
        </button>
      </div>
    </div>
  );
}
