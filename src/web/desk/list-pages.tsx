import { Type } from 'typebox';
import { LIST_CURSOR } from '#modules/inventory/index.ts';
import { exactly } from '#platform/schema.ts';
import { ButtonLink } from '../components/Button.tsx';
import { t } from '../messages.ts';

const Cursor = Type.Optional(Type.String({ pattern: LIST_CURSOR }));
/** A page with two lists, each of which is leafed through by itself: what is on its way, and what is over. */
export const TwoLists = exactly({ coming: Cursor, over: Cursor });

interface Props {
  path: string;
  list: 'coming' | 'over';
  /** Where the page begins that is shown; undefined: at the top. */
  after: string | undefined;
  /** Where the next one does. */
  next: string | null;
}

/** The way back to the top of a list and on to its next page. */
export function ListPages({ path, list, after, next }: Props) {
  if (after === undefined && next === null) return null;
  return (
    <nav class="pages" aria-label={t(`desk.stock.pages.${list}`)}>
      {after !== undefined && (
        <ButtonLink href={path} look="plain">
          {t('list.first')}
        </ButtonLink>
      )}
      {next !== null && (
        <ButtonLink href={`${path}?${list}=${next}${list === 'over' ? '#over' : ''}`} look="plain">
          {t('desk.stock.pages.next')}
        </ButtonLink>
      )}
    </nav>
  );
}
