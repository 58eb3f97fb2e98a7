import { type Static, Type } from 'typebox';
import { type Aspect, ASPECT_OPTIONS_MAX, ASPECT_WORDS_MAX } from '#modules/reviews/index.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import type { CategoryName } from '#read/product-names.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { Text } from '../page.ts';

export const TypedAspect = exactly({
  id: Id,
  kind: Type.Enum(['dimension', 'trait']),
  name: Text(200),
  code: Text(80),
  category: Text(36),
  options: Text(5000),
  position: Text(6),
});
export type AspectBody = Static<typeof TypedAspect>;

const CODE = /^[a-z0-9]+(_[a-z0-9]+)*$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const POSITION_MAX = 1000;

/** The form as it is first shown: of one that is changed, or of a new one. */
export const blankAspect = (aspect?: Aspect): AspectBody => ({
  id: aspect?.id ?? newId(),
  kind: aspect?.kind ?? 'dimension',
  name: aspect?.name ?? '',
  code: aspect?.code ?? '',
  category: aspect?.categoryId ?? '',
  options: (aspect?.options ?? []).join('\n'),
  position: String(aspect?.position ?? 0),
});

/** What was typed, or undefined where a field is wrong. */
export function aspectIn({ id, kind, name, code, category, options, position }: AspectBody) {
  const lines = options
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const place = Number(position.trim() || 0);
  const isRight =
    CODE.test(code.trim()) &&
    code.trim().length <= 40 &&
    name.trim().length <= ASPECT_WORDS_MAX &&
    lines.length <= ASPECT_OPTIONS_MAX &&
    lines.every((line) => line.length <= ASPECT_WORDS_MAX) &&
    (category === '' || UUID.test(category)) &&
    Number.isInteger(place) &&
    place >= 0 &&
    place <= POSITION_MAX;
  if (!isRight) return undefined;
  const categoryId = category === '' ? null : category;
  return { id, kind, name, code: code.trim(), categoryId, options: lines, position: place };
}

interface ListProps {
  aspects: readonly Aspect[];
  categories: readonly CategoryName[];
  path: string;
  maySet: boolean;
}

export function Aspects({ aspects, categories, path, maySet }: ListProps) {
  if (aspects.length === 0)
    return <EmptyState title={t('desk.reviews.aspects.none')} text={t('desk.reviews.aspects.none.text')} />;
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  return (
    <Table
      caption={t('desk.reviews.aspects')}
      rows={aspects}
      rowKey={({ id }) => id}
      cards
      columns={[
        { title: t('desk.reviews.aspect.name'), cell: ({ name }) => name },
        { title: t('desk.reviews.aspect.kind'), cell: ({ kind }) => t(`desk.reviews.aspect.${kind}`) },
        {
          title: t('desk.reviews.aspect.category'),
          cell: ({ categoryId }) =>
            categoryId === null ? t('desk.reviews.aspect.category.all') : names.get(categoryId),
        },
        { title: t('desk.reviews.aspect.options'), cell: ({ options }) => options.join(' · ') },
        {
          title: '',
          cell: ({ id }) =>
            maySet && (
              <form method="post" action={`${path}/aspects/drop`} class="row-form">
                <input type="hidden" name="id" value={id} />
                <a class="text-button" href={`${path}?change=${id}#ask`}>
                  {t('desk.reviews.aspect.edit')}
                </a>{' '}
                <button type="submit" class="text-button">
                  {t('desk.reviews.aspect.drop')}
                </button>
              </form>
            ),
        },
      ]}
    />
  );
}

interface FormProps {
  path: string;
  typed: AspectBody;
  categories: readonly CategoryName[];
  fault: string | undefined;
}

export function AspectForm({ path, typed, categories, fault }: FormProps) {
  const { id, kind, name, code, category, options, position } = typed;
  return (
    <section class="admin-form panel" aria-labelledby="ask">
      <h2 id="ask">
        {name === '' || fault ? t('desk.reviews.aspect.add') : t('desk.reviews.aspect.change', { name })}
      </h2>
      {fault && <Notice kind="error">{fault}</Notice>}
      <form method="post" action={`${path}/aspects#ask`} class="form" novalidate>
        <input type="hidden" name="id" value={id} />
        <div class="form-row">
          <Select
            name="kind"
            label={t('desk.reviews.aspect.kind')}
            value={kind}
            options={(['dimension', 'trait'] as const).map((value) => ({
              value,
              label: t(`desk.reviews.aspect.${value}`),
            }))}
          />
          <Select
            name="category"
            label={t('desk.reviews.aspect.category')}
            value={category}
            options={[
              { value: '', label: t('desk.reviews.aspect.category.all') },
              ...categories.map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        </div>
        <div class="form-row">
          <Field
            name="name"
            label={t('desk.reviews.aspect.name')}
            value={name}
            required
            input={{ maxlength: ASPECT_WORDS_MAX, autocomplete: 'off' }}
          />
          <Field
            name="code"
            label={t('desk.reviews.aspect.code')}
            hint={t('desk.reviews.aspect.code.hint')}
            value={code}
            required
            input={{ maxlength: 40, autocomplete: 'off' }}
          />
        </div>
        <TextArea
          name="options"
          label={t('desk.reviews.aspect.options')}
          hint={t('desk.reviews.aspect.options.hint')}
          value={options}
          rows={4}
          required
        />
        <Field
          name="position"
          label={t('desk.reviews.aspect.position')}
          value={position}
          input={{ inputmode: 'numeric', maxlength: 4, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button>{t('desk.reviews.save')}</Button>
        </div>
      </form>
    </section>
  );
}
