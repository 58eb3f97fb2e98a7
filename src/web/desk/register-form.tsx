import type { Location } from '#modules/inventory/index.ts';
import type { Register } from '#modules/till/index.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import { isCurrency } from '#platform/money.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field, Select } from '../components/Field.tsx';
import { isPlainKey, say, t } from '../messages.ts';

export interface RegisterTyped {
  id: string;
  name: string;
  /** A location's id. */
  store: string;
  currency: string;
  /** "yes" for one in use; left out where a new one is made. */
  use?: string;
}

export interface RegisterFault {
  field: 'name' | 'store' | 'currency' | 'use';
  text: string;
}

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a page of a list begins; undefined for the first. */
export function cursorIn(after: string): string | undefined {
  if (after !== '' && !IS_ID.test(after)) throw platformErrors.not_found({});
  return after || undefined;
}

/** What a form says of a register, or what is wrong with it. */
export function wishIn({
  name,
  store,
  currency,
  use,
}: Omit<RegisterTyped, 'id'>): Omit<Register, 'id'> | RegisterFault {
  const wish = {
    name: name.trim(),
    locationId: store,
    currency: currency.trim().toUpperCase(),
    active: use === 'yes',
  };
  if (wish.name === '' || wish.name.length > 80 || /\p{C}/u.test(wish.name))
    return { field: 'name', text: say('desk.registers.error.name') };
  if (!IS_ID.test(store)) return { field: 'store', text: say('desk.registers.error.store') };
  if (!isCurrency(wish.currency)) return { field: 'currency', text: say('desk.registers.error.currency') };
  return wish;
}

const FIELDS = new Map<string, RegisterFault['field']>([
  ['register_name_taken', 'name'],
  ['register_needs_store', 'store'],
  ['register_has_sold', 'store'],
  ['register_currency', 'currency'],
  ['register_open', 'use'],
]);

/** A refusal as it is said beside its field; anything else is thrown on. */
export function faultOf(error: unknown): RegisterFault & { status: number } {
  const name = error instanceof AppError ? error.code.replace(/^till\./, '') : '';
  const [field, key] = [FIELDS.get(name), `desk.registers.error.${name}`];
  if (!(error instanceof AppError) || !field || !isPlainKey(key)) throw error;
  return { status: error.status, field, text: say(key) };
}

interface Props {
  action: string;
  stores: readonly Location[];
  typed: RegisterTyped;
  fault: RegisterFault | undefined;
}

/** Adds a register; changes one where it says whether it is in use. */
export function RegisterForm({ action, stores, typed, fault }: Props) {
  const isNew = typed.use === undefined;
  const errorOf = (field: RegisterFault['field']) => (fault?.field === field ? fault.text : undefined);
  return (
    <form method="post" action={action} id="set" class="form rules panel" novalidate>
      <fieldset>
        <legend>{t(isNew ? 'desk.registers.add' : 'desk.registers.change')}</legend>
        {isNew && <input type="hidden" name="id" value={typed.id} />}
        <Field
          name="name"
          label={t('desk.registers.name')}
          hint={t('desk.registers.name.hint')}
          value={typed.name}
          error={errorOf('name')}
          required
          input={{ autocomplete: 'off', maxlength: 80 }}
        />
        <Select
          name="store"
          label={t('desk.registers.store')}
          value={typed.store}
          error={errorOf('store')}
          required
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Field
          name="currency"
          label={t('desk.registers.currency')}
          hint={t('desk.registers.currency.hint')}
          value={typed.currency}
          error={errorOf('currency')}
          required
          input={{ autocomplete: 'off', maxlength: 3 }}
        />
      </fieldset>
      {!isNew && (
        <>
          <Check
            name="use"
            label={t('desk.registers.use')}
            hint={t('desk.registers.use.hint')}
            checked={typed.use === 'yes'}
          />
          {errorOf('use') && (
            <p class="field-error" role="alert">
              {errorOf('use')}
            </p>
          )}
        </>
      )}
      <div class="actions">
        <Button>{t(isNew ? 'desk.registers.add.button' : 'desk.registers.change.button')}</Button>
      </div>
    </form>
  );
}
