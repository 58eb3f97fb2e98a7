import { ITEMS_MAX, type LookItem, TITLE_MAX, type Wording, WORDS_MAX } from '#modules/looks/index.ts';
import type { Thing } from '#read/compose-things.ts';
import { Button } from '../components/Button.tsx';
import { Field, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { looks } from '../messages/en/looks.ts';
import type { Page } from '../page.ts';

/** A product as the composer's search offers it. */
export interface OfferedThing {
  id: string;
  title: string;
  whole: string;
  cut: string | null;
  ratio: number;
}

/** A look in the composer. */
export interface Composed {
  id: string;
  isNew: boolean;
  isLive: boolean;
  version: number;
  /** When a change of a look that is shown was kept last. */
  changedAt: Date | undefined;
  title: string;
  words: string;
  ground: string;
  visibility: 'public' | 'unlisted' | 'secret';
  layout: {
    sceneId: string | null;
    scene: string | null;
    items: readonly (LookItem & { src: string | null; ratio: number; title: string })[];
    wordings: readonly Wording[];
  };
}

interface Props {
  page: Page;
  composed: Composed;
  things: readonly Thing[];
  q: string;
  chosen: readonly string[];
}

const VISIBILITIES = ['public', 'unlisted', 'secret'] as const;
const SPOKEN = 'looks.compose.';

/** What the composer says, without the common start of its names. */
const composerWords = JSON.stringify(
  Object.fromEntries(
    Object.entries(looks).flatMap(([key, text]) =>
      key.startsWith(SPOKEN) ? [[key.slice(SPOKEN.length), text]] : [],
    ),
  ),
);

/** One form for a look: with script its layout comes from the composer, without from the ticked products. */
export function ComposePage({ page: about, composed, things, q, chosen }: Props) {
  const { id, isNew, isLive, title, words, ground, visibility, version, changedAt } = composed;
  const here = isNew ? '/looks/new' : `/looks/${id}/compose`;
  return (
    <Layout page={about} title={isNew ? t('looks.new') : t('looks.change')} index={false}>
      <div class="wrap look-compose">
        <h1>{isNew ? t('looks.new') : t('looks.change')}</h1>
        {changedAt && <KeptChange page={about} id={id} keptAt={changedAt} />}
        <form method="get" action={here} class="look-search" role="search">
          <Field name="q" label={t('looks.compose.search')} type="search" value={q} required={false} />
          <Button look="plain">{t('looks.compose.find')}</Button>
        </form>
        <form method="post" action={`/looks/${id}/compose`} class="look-form">
          <look-composer
            data-look={JSON.stringify({ ...composed.layout, isLive, id })}
            data-words={composerWords}
          >
            <Products things={things} chosen={chosen} />
          </look-composer>
          <div class="look-about">
            <Field name="title" label={t('looks.title')} value={title} input={{ maxlength: TITLE_MAX }} />
            <TextArea
              name="words"
              label={t('looks.words')}
              hint={t('looks.words.hint', { max: WORDS_MAX })}
              value={words}
              rows={3}
              required={false}
            />
            <div class="field">
              <label for="look-ground">{t('looks.ground')}</label>
              <input id="look-ground" type="color" name="ground" value={ground} />
            </div>
            <fieldset class="switches">
              <legend>{t('boards.visibility')}</legend>
              {VISIBILITIES.map((value) => (
                <label key={value} class="check">
                  <input type="radio" name="visibility" value={value} checked={value === visibility} />
                  <span>
                    {t(`boards.visibility.${value}`)}
                    <small class="hint">{t(`boards.visibility.${value}.hint`)}</small>
                  </span>
                </label>
              ))}
            </fieldset>
            <input type="hidden" name="layout" value="" />
            {isLive && <input type="hidden" name="version" value={version} />}
            <div class="board-acts">
              <Button name="action" value="publish">
                {isLive ? t('looks.save') : t('looks.publish')}
              </Button>
              <Button name="action" value="draft" look="plain">
                {isLive ? t('looks.keep.change') : t('looks.keep')}
              </Button>
            </div>
          </div>
        </form>
      </div>
    </Layout>
  );
}

/** That what stands here is not what others see, and the way back. */
function KeptChange({ page: { format }, id, keptAt }: { page: Page; id: string; keptAt: Date }) {
  return (
    <Notice>
      <p>{t('looks.change.waits', { when: format.date(keptAt) })}</p>
      <form method="post" action={`/looks/${id}/change/drop`}>
        <button type="submit" class="text-button">
          {t('looks.change.drop')}
        </button>
      </form>
    </Notice>
  );
}

function Products({ things, chosen }: { things: readonly Thing[]; chosen: readonly string[] }) {
  const shown = new Set(things.map(({ card }) => card.id));
  return (
    <fieldset class="look-things">
      <legend>{t('looks.products', { max: ITEMS_MAX })}</legend>
      {chosen
        .filter((id) => !shown.has(id))
        .map((id) => (
          <input key={id} type="hidden" name="product" value={id} />
        ))}
      <ul>
        {things.map(({ card }) => (
          <li key={card.id}>
            <label>
              <Picture picture={card.picture} sizes="8rem" alt="" />
              <span>
                <input type="checkbox" name="product" value={card.id} checked={chosen.includes(card.id)} />{' '}
                {card.title}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
