import { format, t } from './say.ts';
import type { Stock } from './till.ts';

/** What is not here, and may be had all the same: sent, or collected when it has come. */
export function Coming({ stock: { later } }: { stock: Stock }) {
  if (!later) return null;
  return (
    <span class="soft">
      {t(`sell.coming.${later.kind}`, { count: later.units, day: format.day(later.on) })}
    </span>
  );
}
