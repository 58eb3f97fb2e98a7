import type { InputHTMLAttributes } from 'preact';
import { t } from '../messages.ts';

interface FieldProps {
  name: string;
  label: string;
  /** What was typed, shown again when something else is wrong. Never a password. */
  value?: string | undefined;
  hint?: string | undefined;
  error?: string | undefined;
  type?:
    | 'text'
    | 'email'
    | 'password'
    | 'tel'
    | 'search'
    | 'number'
    | 'url'
    | 'date'
    | 'datetime-local'
    | 'file';
  required?: boolean;
  class?: string;
  input?: Pick<
    InputHTMLAttributes,
    'accept' | 'autocomplete' | 'inputmode' | 'maxlength' | 'minlength' | 'placeholder' | 'autofocus'
  >;
}

/** A labelled text field with its hint and what is wrong with it, tied together for a screen reader. */
export function Field({ name, label, value, hint, error, type = 'text', required, ...more }: FieldProps) {
  const id = `field-${name}`;
  const attributes = {
    ...more.input,
    id,
    name,
    type,
    required: required ?? false,
    ...(type !== 'password' && value !== undefined && { value }),
    ...description(id, hint, error),
  } as InputHTMLAttributes; // Preact ties some roles to single types; a field has no role
  return (
    <div class={`field${more.class ? ` ${more.class}` : ''}`}>
      <FieldLabel id={id} label={label} required={required} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input {...attributes} />
      <FieldError id={id} error={error} />
    </div>
  );
}

/** A labelled field of several lines. */
export function TextArea({
  name,
  label,
  value,
  hint,
  error,
  rows,
  required,
  class: more,
}: Omit<FieldProps, 'type' | 'input'> & { rows: number }) {
  const id = `field-${name}`;
  return (
    <div class={`field${more ? ` ${more}` : ''}`}>
      <FieldLabel id={id} label={label} required={required} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea id={id} name={name} rows={rows} spellcheck={false} {...description(id, hint, error)}>
        {value}
      </textarea>
      <FieldError id={id} error={error} />
    </div>
  );
}

interface SelectProps extends Omit<FieldProps, 'type' | 'input'> {
  options: readonly { value: string; label: string }[];
  autocomplete?: string;
}

export function Select({
  name,
  label,
  value,
  hint,
  error,
  required,
  options,
  autocomplete,
  class: more,
}: SelectProps) {
  const id = `field-${name}`;
  return (
    <div class={`field${more ? ` ${more}` : ''}`}>
      <FieldLabel id={id} label={label} required={required} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <select
        id={id}
        name={name}
        required={required ?? false}
        autocomplete={autocomplete}
        {...description(id, hint, error)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldError id={id} error={error} />
    </div>
  );
}

interface CheckProps {
  name: string;
  label: string;
  hint?: string;
  checked?: boolean;
  value?: string;
}

export function Check({ name, label, hint, checked, value = 'yes' }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" name={name} value={value} checked={checked} />
      <span>
        {label}
        {hint && <small class="hint">{hint}</small>}
      </span>
    </label>
  );
}

function FieldLabel({ id, label, required }: { id: string; label: string; required: boolean | undefined }) {
  return (
    <label for={id}>
      {label}
      {required === false && <span class="optional"> {t('field.optional')}</span>}
    </label>
  );
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  );
}

function description(id: string, hint: string | undefined, error: string | undefined) {
  const parts = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean);
  return {
    ...(parts.length > 0 && { 'aria-describedby': parts.join(' ') }),
    ...(error && { 'aria-invalid': 'true' as const }),
  };
}
