import { type ProductCard } from '#modules/catalog/index.ts';
import { REASON_MAX, type Swap } from '#modules/looks/index.ts';
import type { Person } from '#modules/social/index.ts';
import { newId } from '#platform/ids.ts';
import type { LookPage } from '#read/look-page.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { ReportLink } from '../safety/report-link.tsx';
import { Words } from '../social/words.tsx';

interface Props {
  page: Page;
  look: LookPage;
  swaps: readonly Swap[];
  cards: ReadonlyMap<string, ProductCard>;
  people: ReadonlyMap<string, Person>;
}

/** What others would put in place of something: for the maker to answer, for the others to propose. */
export function Swaps({ page, look, swaps, cards, people }: Props) {
  return (
    <section class="look-swaps" aria-labelledby="swaps" id="swaps-part">
      <h2 id="swaps">{t('looks.swaps')}</h2>
      {swaps.length > 0 && (
        <ul class="swap-list">
          {swaps.map((swap) => (
            <li key={swap.id}>
              <SwapView page={page} look={look} swap={swap} cards={cards} by={people.get(swap.byId ?? '')} />
            </li>
          ))}
        </ul>
      )}
      {look.isOwn ? (
        swaps.length === 0 && <p class="soft">{t('looks.swaps.none')}</p>
      ) : (
        <SwapForm look={look} />
      )}
    </section>
  );
}

function SwapView({
  page,
  look,
  swap: { id, outId, inId, reason, state, byId },
  cards,
  by,
}: Pick<Props, 'page' | 'look' | 'cards'> & { swap: Swap; by: Person | undefined }) {
  const name = (productId: string) => cards.get(productId)?.title ?? t('looks.gone');
  const other = cards.get(inId);
  return (
    <article>
      <p>
        {by ? <a href={`/@${by.handle}`}>{by.name}</a> : t('said.somebody')}{' '}
        {t('looks.swap.says', { out: name(outId) })}{' '}
        {other ? <a href={`/p/${other.slug}`}>{other.title}</a> : name(inId)}
      </p>
      {reason && <Words text={reason} />}
      {state === 'open' && look.isOwn ? (
        <form method="post" action={`/looks/${look.id}/swaps/answer`} class="board-acts">
          <input type="hidden" name="swapId" value={id} />
          <Button name="answer" value="accepted" look="plain">
            {t('looks.swap.accept')}
          </Button>
          <button type="submit" name="answer" value="declined" class="text-button">
            {t('looks.swap.decline')}
          </button>
        </form>
      ) : (
        <p class="soft small">{t(`looks.swap.${state}`)}</p>
      )}
      {byId !== page.viewer.memberId && <ReportLink page={page} kind="suggestion" id={id} />}
    </article>
  );
}

function SwapForm({ look }: { look: LookPage }) {
  const ids = [...new Set(look.items.map(({ productId }) => productId))];
  const options = ids.flatMap((value) => {
    const label = look.products.get(value)?.title;
    return label ? [{ value, label }] : [];
  });
  if (options.length === 0) return null;
  return (
    <details>
      <summary class="text-button">{t('looks.swap.suggest')}</summary>
      <form method="post" action={`/looks/${look.id}/swaps`} class="say-form">
        <input type="hidden" name="swapId" value={newId()} />
        <Select name="outId" label={t('looks.swap.out')} options={options} required />
        <Field
          name="other"
          label={t('looks.swap.in')}
          hint={t('looks.swap.in.hint')}
          required
          input={{ maxlength: 300 }}
        />
        <TextArea
          name="reason"
          label={t('looks.swap.reason')}
          hint={t('looks.swap.reason.hint', { max: REASON_MAX })}
          rows={2}
          required={false}
        />
        <Button look="plain">{t('looks.swap.send')}</Button>
      </form>
    </details>
  );
}
