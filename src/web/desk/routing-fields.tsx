import { ACCEPT_HOURS, COLLECT_DAYS } from '#modules/routing/index.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field, Select } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import type { RuleErrors, TypedRules } from './routing-form.ts';

interface Props {
  typed: TypedRules;
  errors: RuleErrors;
  currency: string;
  /** Others see the rules and can't send them. */
  mayPublish: boolean;
}

type TextName = Exclude<keyof TypedRules, 'over' | 'kinds' | 'with_capacity_today' | 'split'>;
const WEIGHTS = ['promise', 'cost', 'distance', 'load'] as const;
const KINDS = ['store', 'warehouse', 'supplier'] as const;
const SPLITS = ['never', 'between_lines', 'within_line'] as const;

export function RulesForm(props: Props) {
  const { typed, currency, mayPublish } = props;
  return (
    <form method="post" action="/desk/routing" class="form rules" novalidate>
      <input type="hidden" name="over" value={typed.over} />
      <Filters {...props} />
      <fieldset disabled={!mayPublish}>
        <legend>{t('desk.routing.weights')}</legend>
        <p class="hint">{t('desk.routing.weights.hint')}</p>
        {WEIGHTS.map((name) => (
          <Entry key={name} form={props} name={name} label={say(`desk.routing.weight.${name}`)} required />
        ))}
      </fieldset>
      <fieldset disabled={!mayPublish}>
        <legend>{t('desk.routing.split')}</legend>
        <Select
          name="split"
          label={t('desk.routing.split.how')}
          value={typed.split}
          required
          options={SPLITS.map((value) => ({ value, label: t(`desk.routing.split.${value}`) }))}
        />
        <Entry form={props} name="locations_max" label={t('desk.routing.locations_max')} required />
      </fieldset>
      <fieldset disabled={!mayPublish}>
        <legend>{t('desk.routing.parcel')}</legend>
        <p class="hint">{t('desk.routing.parcel.hint')}</p>
        <Entry form={props} name="parcel_base" label={t('desk.routing.parcel.base', { currency })} required />
        <Entry form={props} name="parcel_km" label={t('desk.routing.parcel.km', { currency })} required />
      </fieldset>
      <fieldset disabled={!mayPublish}>
        <legend>{t('desk.routing.accept')}</legend>
        <Entry
          form={props}
          name="accept_hours"
          label={t('desk.routing.accept_hours')}
          hint={t('desk.routing.accept_hours.hint', { hours: ACCEPT_HOURS })}
        />
      </fieldset>
      <fieldset disabled={!mayPublish}>
        <legend>{t('desk.routing.places')}</legend>
        <Entry
          form={props}
          name="same_day_km"
          label={t('desk.routing.same_day')}
          hint={t('desk.routing.same_day.hint')}
        />
        <Entry
          form={props}
          name="collect_days"
          label={t('desk.routing.collect_days')}
          hint={t('desk.routing.collect_days.hint', { days: COLLECT_DAYS })}
        />
      </fieldset>
      {mayPublish && (
        <>
          <Entry form={props} name="note" label={t('desk.routing.note')} hint={t('desk.routing.note.hint')} />
          <Buttons />
        </>
      )}
    </form>
  );
}

const Buttons = () => (
  <div class="actions">
    <Button>{t('desk.routing.publish')}</Button>
    <Button look="plain" formaction="/desk/routing/try">
      {t('desk.routing.try')}
    </Button>
    <Button look="plain" formaction="/desk/routing/keep">
      {t('desk.routing.keep')}
    </Button>
  </div>
);

function Filters(props: Props) {
  const { typed, currency, mayPublish } = props;
  const entry = (name: TextName, label: string, hint?: string) => (
    <Entry form={props} name={name} label={label} {...(hint && { hint })} />
  );
  return (
    <fieldset disabled={!mayPublish}>
      <legend>{t('desk.routing.filters')}</legend>
      <p class="hint">{t('desk.routing.filters.hint')}</p>
      <fieldset class="choices">
        <legend>{t('desk.routing.kinds')}</legend>
        {KINDS.map((kind) => (
          <Check
            key={kind}
            name="kinds"
            value={kind}
            label={t(`desk.routing.kind.${kind}`)}
            checked={typed.kinds.includes(kind)}
          />
        ))}
      </fieldset>
      {entry('groups', t('desk.routing.groups'), t('desk.routing.codes.hint'))}
      {entry('locations', t('desk.routing.only'), t('desk.routing.codes.hint'))}
      {entry('not_locations', t('desk.routing.without'), t('desk.routing.codes.hint'))}
      {entry('within_km', t('desk.routing.within_km'), t('desk.routing.within_km.hint'))}
      {entry('leaving_within_days', t('desk.routing.within_days'))}
      {entry('costing_at_most', t('desk.routing.cost_max', { currency }))}
      {entry('leaving_units', t('desk.routing.units'), t('desk.routing.units.hint'))}
      <Check
        name="with_capacity_today"
        label={t('desk.routing.capacity')}
        hint={t('desk.routing.capacity.hint')}
        checked={typed.with_capacity_today === 'yes'}
      />
    </fieldset>
  );
}

interface EntryProps {
  form: Props;
  name: TextName;
  label: string;
  hint?: string;
  required?: boolean;
}

function Entry({ form: { typed, errors }, name, label, hint, required = false }: EntryProps) {
  return (
    <Field
      name={name}
      label={label}
      value={typed[name]}
      error={errors[name]}
      required={required}
      hint={hint}
      input={{ autocomplete: 'off' }}
    />
  );
}
