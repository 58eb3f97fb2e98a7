import type { Decision, OwnTrust } from '#modules/safety/index.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Words } from '../social/words.tsx';

const COUNTED = ['knownDays', 'activeDays', 'pieces', 'welcomed'] as const;

/** How far a member is trusted, what it rests on, and what opens next. */
export function TrustPart({ page: { format }, trust }: { page: Page; trust: OwnTrust | undefined }) {
  if (!trust) return null;
  const { level, isSet, merits, next } = trust;
  return (
    <section aria-labelledby="trust">
      <h2 id="trust">{t('trust.title', { level: t(`safety.level.${level}`) })}</h2>
      <p>{t(`trust.opens.${level}`)}</p>
      {isSet && <p class="soft">{t('trust.set')}</p>}
      {!isSet && next && (
        <>
          <h3>{t('trust.next', { level: t(`safety.level.${next.level}`) })}</h3>
          <p>{t(`trust.opens.${next.level}`)}</p>
          <dl class="facts trust-facts">
            {COUNTED.map((name) => (
              <div key={name}>
                <dt>{t(`trust.${name}`)}</dt>
                <dd>
                  {t('trust.of', { is: format.number(merits[name]), needed: format.number(next[name]) })}
                </dd>
              </div>
            ))}
            {merits.cleanDays !== null && (
              <div>
                <dt>{t('trust.cleanDays')}</dt>
                <dd>
                  {t('trust.of', {
                    is: format.number(merits.cleanDays),
                    needed: format.number(next.cleanDays),
                  })}
                </dd>
              </div>
            )}
          </dl>
        </>
      )}
    </section>
  );
}

/** What moderators told the member, beside what they removed. */
export function Decisions({ page: { format }, decisions }: { page: Page; decisions: readonly Decision[] }) {
  if (decisions.length === 0) return null;
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">{t('removals.decisions')}</h2>
      <ul class="moderation-list">
        {decisions.map(({ id, kind, reason, note, until, at }) => (
          <li key={id}>
            <strong>{t(`removals.decided.${kind}`)}</strong>
            <span class="soft">
              {[reason && t(`safety.reason.${reason}`), format.date(at)].filter(Boolean).join(', ')}
            </span>
            {until && <p>{t('removals.until', { day: format.date(until) })}</p>}
            {note && <Words text={note} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
