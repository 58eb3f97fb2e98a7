import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { KINDS, PER, type PromotionErrors, type TypedPromotion } from './promotion-form.ts';

interface Props {
  action: string;
  typed: TypedPromotion;
  errors: PromotionErrors;
  mayWrite: boolean;
}

export function PromotionForm(props: Props) {
  const { action, typed, mayWrite } = props;
  return (
    <form method="post" action={action} class="form rules" novalidate>
      <fieldset disabled={!mayWrite}>
        <legend>{t('desk.promotions.does')}</legend>
        <Entry
          form={props}
          name="name"
          label={t('desk.promotions.name')}
          hint={t('desk.promotions.name.hint')}
          required
        />
        <Entry
          form={props}
          name="code"
          label={t('desk.promotions.code')}
          hint={t('desk.promotions.code.hint')}
        />
        <Select
          name="kind"
          label={t('desk.promotions.kind')}
          value={typed.kind}
          required
          options={KINDS.map((value) => ({ value, label: t(`desk.promotions.kind.${value}`) }))}
        />
        <Entry
          form={props}
          name="percent"
          label={t('desk.promotions.percent')}
          hint={t('desk.promotions.percent.hint')}
        />
        <Entry form={props} name="amount" label={t('desk.promotions.amount')} />
        <Select
          name="per"
          label={t('desk.promotions.per')}
          value={typed.per}
          required
          options={PER.map((value) => ({ value, label: t(`desk.promotions.per.${value}`) }))}
        />
        <Entry form={props} name="buy" label={t('desk.promotions.buy')} />
        <Entry form={props} name="get" label={t('desk.promotions.get')} />
      </fieldset>
      <Conditions {...props} />
      <fieldset disabled={!mayWrite}>
        <legend>{t('desk.promotions.limits')}</legend>
        <Entry form={props} name="uses_max" label={t('desk.promotions.uses_max')} />
        <Entry
          form={props}
          name="budget"
          label={t('desk.promotions.budget')}
          hint={t('desk.promotions.budget.hint')}
        />
        <Entry
          form={props}
          name="uses_per_member"
          label={t('desk.promotions.uses_per_member')}
          hint={t('desk.promotions.uses_per_member.hint')}
        />
      </fieldset>
      {mayWrite && (
        <div class="actions">
          <Button>{t('desk.promotions.save')}</Button>
        </div>
      )}
    </form>
  );
}

function Conditions(props: Props) {
  const slugs = t('desk.promotions.slugs.hint');
  return (
    <>
      <fieldset disabled={!props.mayWrite}>
        <legend>{t('desk.promotions.when')}</legend>
        <Entry form={props} name="from" type="datetime-local" label={t('desk.promotions.from')} required />
        <Entry form={props} name="to" type="datetime-local" label={t('desk.promotions.to')} />
        <Entry
          form={props}
          name="currency"
          label={t('desk.promotions.currency')}
          hint={t('desk.promotions.currency.hint')}
        />
        <Entry form={props} name="min_goods" label={t('desk.promotions.min_goods')} />
        <Entry form={props} name="products" label={t('desk.promotions.products')} hint={slugs} />
        <Entry form={props} name="categories" label={t('desk.promotions.categories')} hint={slugs} />
        <Entry form={props} name="brands" label={t('desk.promotions.brands')} hint={slugs} />
        <Entry
          form={props}
          name="regions"
          label={t('desk.promotions.regions')}
          hint={t('desk.promotions.regions.hint')}
        />
      </fieldset>
      <fieldset disabled={!props.mayWrite}>
        <legend>{t('desk.promotions.together')}</legend>
        <Entry
          form={props}
          name="combination"
          label={t('desk.promotions.combination')}
          hint={t('desk.promotions.combination.hint')}
        />
        <Entry
          form={props}
          name="priority"
          label={t('desk.promotions.priority')}
          hint={t('desk.promotions.priority.hint')}
          required
        />
      </fieldset>
    </>
  );
}

interface EntryProps {
  form: Props;
  name: keyof TypedPromotion;
  label: string;
  hint?: string;
  required?: boolean;
  type?: 'text' | 'datetime-local';
}

function Entry({ form: { typed, errors }, name, label, hint, required = false, type = 'text' }: EntryProps) {
  return (
    <Field
      name={name}
      type={type}
      label={label}
      value={typed[name]}
      error={errors[name]}
      required={required}
      hint={hint}
      input={{ autocomplete: 'off' }}
    />
  );
}
