import { CAPTION_LENGTH_MAX, type PostWords } from '#modules/posts/index.ts';
import { Check, TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';

export const VISIBILITIES: readonly PostWords['visibility'][] = ['public', 'unlisted', 'secret'];

/** What a post says, to whom, and whether products' pages may show it. */
export function PostFields({ typed, error }: { typed: PostWords; error: string | undefined }) {
  return (
    <>
      <TextArea
        name="caption"
        label={t('posts.caption')}
        hint={t('posts.caption.hint', { max: CAPTION_LENGTH_MAX })}
        value={typed.caption}
        rows={6}
        required={false}
        error={error}
      />
      <Check name="shared" label={t('posts.shared')} hint={t('posts.shared.hint')} checked={typed.isShared} />
      <fieldset class="switches">
        <legend>{t('posts.visibility')}</legend>
        {VISIBILITIES.map((each) => (
          <label key={each} class="check">
            <input type="radio" name="visibility" value={each} checked={each === typed.visibility} />
            <span>
              {t(`posts.visibility.${each}`)}
              <small class="hint">{t(`posts.visibility.${each}.hint`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
