import { type Spoken, type SpeaksFor, SPEAKERS } from '#modules/reviews/index.ts';
import { mayEnter, type Viewer } from '#platform/access.ts';
import { newId } from '#platform/ids.ts';
import { Button } from '../components/Button.tsx';
import { TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';

/** For whom somebody may answer reviews of a product: for the shop, for its maker, for both or nobody. */
export function officesOf(
  viewer: Viewer,
  spoken: readonly Spoken[],
  brandId: string | null | undefined,
): SpeaksFor[] {
  return [
    ...(mayEnter(viewer, SPEAKERS) ? (['retailer'] as const) : []),
    ...(spoken.some((each) => each.brandId === brandId) ? (['maker'] as const) : []),
  ];
}

interface Props {
  page: Page;
  subjectId: string;
  /** Where it is answered. */
  next: string;
  label: string;
  /** The first is chosen. */
  voices: readonly SpeaksFor[];
}

/** The form under a question or a review. Whoever may speak for several chooses. */
export function AnswerBox({ page, subjectId, next, label, voices }: Props) {
  const [only] = voices;
  return (
    <form method="post" action="/words/answer" class="say-form">
      <input type="hidden" name="id" value={newId()} />
      <input type="hidden" name="subjectId" value={subjectId} />
      <input type="hidden" name="next" value={next} />
      <TextArea name={`body-${subjectId}`} label={label} rows={3} required />
      {voices.length > 1 ? (
        <label class="field">
          {t('words.speaks')}
          <select name="speaks">
            {voices.map((value) => (
              <option key={value} value={value}>
                {t(`words.speaks.${value}`, { shop: page.shop })}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <input type="hidden" name="speaks" value={only} />
      )}
      <Button look="plain">{t('words.reply.send')}</Button>
    </form>
  );
}
