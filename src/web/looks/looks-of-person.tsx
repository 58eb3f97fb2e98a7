import type { LookCard } from '#modules/looks/index.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { LookCards } from './look-cards.tsx';

/** Somebody's looks; to themselves with the drafts. */
export function LooksOfPerson({ looks, isSelf }: { looks: readonly LookCard[]; isSelf: boolean }) {
  if (looks.length === 0 && !isSelf) return null;
  return (
    <section class="section" aria-labelledby="looks">
      <div class="section-head">
        <h2 id="looks">{t('looks.heading')}</h2>
        {isSelf && (
          <ButtonLink href="/looks/new" look="plain">
            {t('looks.new')}
          </ButtonLink>
        )}
      </div>
      {looks.length === 0 ? (
        <EmptyState title={t('looks.none')} text={t('looks.none.text')} />
      ) : (
        <LookCards looks={looks} byline={false} />
      )}
    </section>
  );
}
