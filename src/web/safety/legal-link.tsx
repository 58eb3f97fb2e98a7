import type { LegalKind } from '#modules/safety/index.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';

/** Where a notice is owed beside what it is about; nothing where the shop has said nothing. */
export function LegalLink({ page: { legal }, kind }: { page: Page; kind: LegalKind }) {
  if (!legal.includes(kind)) return null;
  return (
    <p class="small">
      <a href={`/legal/${kind}`}>{t(`legal.${kind}`)}</a>
    </p>
  );
}
