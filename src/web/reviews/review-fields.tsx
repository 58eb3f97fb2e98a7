import type { ProductInShop } from '#modules/catalog/index.ts';
import {
  type Aspect,
  AUTHOR_NAME_MAX,
  REVIEW_PHOTOS_MAX,
  type ReviewWords,
  TITLE_MAX,
} from '#modules/reviews/index.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Check, Field, Select, TextArea } from '../components/Field.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';

export interface Fault {
  field: 'rating' | 'body' | 'name' | 'photos' | 'form';
  text: string;
}

export interface FormView {
  id: string;
  action: string;
  product: ProductInShop;
  aspects: readonly Aspect[];
  typed: Omit<ReviewWords, 'photoIds'>;
  /** By what a buyer without an account is shown. */
  name: string;
  photos: readonly { id: string; number: number }[];
  isNew: boolean;
  isGuest: boolean;
  fault?: Fault;
}

const STARS = [5, 4, 3, 2, 1] as const;

/** Works without script: stars are radio buttons, photos a field for files. */
export function ReviewFormPage({ page: about, view }: { page: Page; view: FormView }) {
  const { id, action, product, typed, name, isNew, isGuest, fault } = view;
  const heading = t(isNew ? 'review.title' : 'review.change.title', { title: product.title });
  const errorAt = (field: Fault['field']) => (fault?.field === field ? fault.text : undefined);
  return (
    <Layout page={about} title={heading} index={false}>
      <div class="wrap account">
        <Breadcrumbs
          crumbs={[{ name: product.title, href: `/p/${product.slug}#reviews` }, { name: heading }]}
        />
        <h1>{heading}</h1>
        <p>{t('review.lead')}</p>
        {errorAt('form') && (
          <p class="field-error" role="alert">
            {errorAt('form')}
          </p>
        )}
        <form method="post" action={action} class="form review-form" enctype="multipart/form-data">
          <input type="hidden" name="id" value={id} />
          <StarField rating={typed.rating} error={errorAt('rating')} />
          <Field
            name="title"
            label={t('review.heading')}
            value={typed.title}
            input={{ maxlength: TITLE_MAX }}
          />
          <TextArea
            name="body"
            label={t('review.body')}
            value={typed.body}
            rows={6}
            error={errorAt('body')}
          />
          <Marks view={view} />
          {isGuest ? (
            <Field
              name="name"
              label={t('review.name')}
              value={name}
              required
              error={errorAt('name')}
              input={{ maxlength: AUTHOR_NAME_MAX, autocomplete: 'given-name' }}
            />
          ) : (
            <Photos view={view} error={errorAt('photos')} />
          )}
          <Button>{t('review.send')}</Button>
        </form>
        {!isNew && (
          <form method="post" action={`/reviews/${id}/delete`}>
            <Button look="danger">{t('words.delete')}</Button>
          </form>
        )}
      </div>
    </Layout>
  );
}

function StarField({ rating, error }: { rating: number; error: string | undefined }) {
  return (
    <fieldset class="switches star-field" aria-describedby={error ? 'field-rating-error' : undefined}>
      <legend>{t('review.stars')}</legend>
      {STARS.map((star) => (
        <label key={star} class="check">
          <input type="radio" name="rating" value={star} checked={rating === star} required />
          <span>{t(`review.stars.${star}`)}</span>
        </label>
      ))}
      {error && (
        <p class="field-error" id="field-rating-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** What is asked of this kind of product beside stars and words. */
function Marks({ view: { aspects, typed } }: { view: FormView }) {
  const dimensions = aspects.filter(({ kind }) => kind === 'dimension');
  const traits = aspects.filter(({ kind }) => kind === 'trait');
  return (
    <>
      {dimensions.length > 0 && (
        <fieldset>
          <legend>{t('review.dimensions')}</legend>
          {dimensions.map(({ code, name, options: [low = '', high = ''] }) => (
            <Select
              key={code}
              name={`d-${code}`}
              label={name}
              value={String(typed.dimensions[code] ?? '')}
              options={[
                { value: '', label: t('review.dimension.none') },
                { value: '1', label: t('review.dimension.1', { word: low }) },
                ...['2', '3', '4'].map((value) => ({ value, label: value })),
                { value: '5', label: t('review.dimension.5', { word: high }) },
              ]}
            />
          ))}
        </fieldset>
      )}
      {traits.length > 0 && (
        <fieldset>
          <legend>{t('review.traits')}</legend>
          <p class="hint">{t('review.traits.hint')}</p>
          {traits.map(({ code, name, options }) => (
            <Select
              key={code}
              name={`t-${code}`}
              label={name}
              value={typed.traits[code] ?? ''}
              options={[
                { value: '', label: t('review.dimension.none') },
                ...options.map((option) => ({ value: option, label: option })),
              ]}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

function Photos({ view: { photos }, error }: { view: FormView; error: string | undefined }) {
  return (
    <fieldset>
      <legend>{t('review.photos')}</legend>
      {photos.map(({ id, number }) => (
        <Check key={id} name="keep" value={id} label={t('review.photos.keep', { number })} checked />
      ))}
      <div class="field">
        <label for="field-photos">{t('review.photos')}</label>
        <p class="hint" id="field-photos-hint">
          {t('review.photos.hint', { max: REVIEW_PHOTOS_MAX })}
        </p>
        <input
          id="field-photos"
          name="photos"
          type="file"
          multiple
          accept="image/jpeg,image/png,image/webp,image/avif"
          aria-describedby={`field-photos-hint${error ? ' field-photos-error' : ''}`}
        />
        {error && (
          <p class="field-error" id="field-photos-error">
            {error}
          </p>
        )}
      </div>
    </fieldset>
  );
}
