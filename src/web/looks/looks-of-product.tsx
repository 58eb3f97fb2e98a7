import type { LookCard } from '#modules/looks/index.ts';
import { ButtonLink } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { LookCards } from './look-cards.tsx';

/** The looks in which people put a product, as far as the visitor may see them. */
export function LooksOfProduct({ productId, looks }: { productId: string; looks: readonly LookCard[] }) {
  return (
    <div class="wrap">
      <section class="section" aria-labelledby="looks">
        <div class="section-head">
          <h2 id="looks">{t('looks.with')}</h2>
          <ButtonLink href={`/looks/new?product=${productId}`} look="plain">
            {t('looks.new')}
          </ButtonLink>
        </div>
        {looks.length === 0 ? <p class="soft">{t('looks.with.none')}</p> : <LookCards looks={looks} />}
      </section>
    </div>
  );
}
