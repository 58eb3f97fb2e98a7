import { PASSWORD_LENGTH } from '#modules/identity/index.ts';
import { Field } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { faultAt } from './door.tsx';
import type { Fault } from './fault.ts';

interface EmailProps {
  value: string | undefined;
  fault: Fault | undefined;
  /** `username` where it opens an account that there is, so that a password manager fills it in. */
  autocomplete?: 'username' | 'email' | 'off';
  label?: string;
}

export function EmailField({ value, fault, autocomplete = 'username', label }: EmailProps) {
  return (
    <Field
      name="email"
      type="email"
      label={label ?? t('account.email')}
      value={value}
      required
      error={faultAt(fault, 'email')}
      input={{ autocomplete, maxlength: 254 }}
    />
  );
}

export function NewPasswordField({ label, fault }: { label: string; fault: Fault | undefined }) {
  return (
    <Field
      name="password"
      type="password"
      label={label}
      hint={t('account.password.hint', { min: PASSWORD_LENGTH.min })}
      required
      error={faultAt(fault, 'password')}
      input={{
        autocomplete: 'new-password',
        minlength: PASSWORD_LENGTH.min,
        maxlength: PASSWORD_LENGTH.max,
      }}
    />
  );
}
