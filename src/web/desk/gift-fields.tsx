import type { KeptAccount } from '#modules/payments/index.ts';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { type GiftErrors, REASON_MAX, type TypedGift } from './gift-form.ts';

/** The fields that cards and credit have in common. */
export function GiftFields({ typed, errors }: { typed: TypedGift; errors: GiftErrors }) {
  return (
    <>
      <input type="hidden" name="id" value={typed.id} />
      <Field
        name="amount"
        label={t('desk.gift_cards.amount')}
        value={typed.amount}
        error={errors.amount}
        required
        input={{ inputmode: 'decimal', autocomplete: 'off', maxlength: 20 }}
      />
      <Field
        name="currency"
        label={t('desk.gift_cards.currency')}
        value={typed.currency}
        error={errors.currency}
        required
        input={{ maxlength: 3, autocomplete: 'off' }}
      />
    </>
  );
}

interface ReasonProps {
  value: string | undefined;
  error: string | undefined;
  /** The form that it is in, where a page has several: no two fields have one id. */
  of?: string;
}

export const ReasonField = ({ value, error, of = '' }: ReasonProps) => (
  <Field
    name={of === '' ? 'reason' : `${of}_reason`}
    label={t('desk.gift_cards.reason')}
    hint={t('desk.gift_cards.reason.hint')}
    value={value}
    error={error}
    required
    input={{ maxlength: REASON_MAX, autocomplete: 'off' }}
  />
);

export function accountState({ isBlocked, expiresAt, balanceMinor }: KeptAccount, now: Date): string {
  if (isBlocked) return t('desk.gift_cards.state.blocked');
  if (expiresAt && expiresAt <= now) return t('desk.gift_cards.state.expired');
  return balanceMinor === 0 ? t('desk.gift_cards.state.spent') : t('desk.gift_cards.state.open');
}
