import { knownCustomerOf } from '#modules/identity/index.ts';
import { creditOf } from '#modules/payments/index.ts';
import type { Viewer } from '#platform/access.ts';
import type { Db } from '#platform/db.ts';
import { Field } from '../components/Field.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Typed } from './checkout-form.ts';

export interface Paying {
  cart: { currency: string };
  typed: Pick<Typed, 'giftCard' | 'credit' | 'payment'>;
  errors: { giftCard?: string | undefined };
  /** What the member may spend of their store credit. */
  creditMinor: number;
  /** The provider is the one for tests, where the buyer chooses how a payment ends. */
  isTest: boolean;
}

export async function creditOfViewer(db: Db, { memberId }: Viewer, currency: string): Promise<number> {
  const customerId = memberId === undefined ? undefined : await knownCustomerOf(db, memberId);
  const credit = customerId === undefined ? undefined : await creditOf(db, customerId, currency);
  return credit?.balanceMinor ?? 0;
}

const TEST_WAYS = ['approved', 'declined', 'expired', 'redirect'] as const;

/** A real provider's own page asks for the card; the one of the demo takes none. */
export function PaymentPart({ checkout, format }: { checkout: Paying; format: Format }) {
  const { typed, errors, creditMinor, cart, isTest } = checkout;
  return (
    <fieldset class="checkout-part">
      <legend>{t('checkout.payment')}</legend>
      <div class="fields">
        <Field
          class="full"
          name="giftCard"
          label={t('checkout.gift_card')}
          hint={t('checkout.gift_card.hint')}
          value={typed.giftCard}
          error={errors.giftCard}
          required={false}
          input={{ autocomplete: 'off', maxlength: 60 }}
        />
        {creditMinor > 0 && (
          <label class="check full">
            <input type="checkbox" name="credit" value="yes" checked={typed.credit === 'yes'} />
            <span>{t('checkout.credit', { amount: format.money(creditMinor, cart.currency) })}</span>
          </label>
        )}
      </div>
      <p class="hint picks">{t(isTest ? 'checkout.payment.hint' : 'checkout.payment.hosted')}</p>
      {isTest && (
        <div class="picks">
          {TEST_WAYS.map((way) => (
            <label key={way} class="pick">
              <input type="radio" name="payment" value={way} checked={typed.payment === way} />
              <span>{t(`checkout.payment.${way}`)}</span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
