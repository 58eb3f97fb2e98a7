import { Type, type Static } from 'typebox';
import { insightErrors, type SavedView, VIEW_NAME_MAX } from '#modules/insight/index.ts';
import type { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { Text } from '../page.ts';
import { hrefOf, type View } from './market-query.ts';

export const ViewBody = exactly({ id: Id, name: Text(200), do: Type.Enum(['save', 'delete']) });
export type ViewBody = Static<typeof ViewBody>;

/** What was typed and why it was not taken. */
export interface ViewFault {
  typed: ViewBody;
  text: string;
}

const FAULTS: readonly (readonly [string, PlainKey])[] = [
  [insightErrors.view_name_taken.code, 'desk.market.views.fault.taken'],
  [insightErrors.views_full.code, 'desk.market.views.fault.full'],
];

/** What is shown beside the name; undefined of what is nobody's mistake. */
export function viewFaultOf({ code, data }: AppError): string | undefined {
  if (code === insightErrors.view_unfit.code) {
    const isName = (data as { field: string }).field === 'name';
    return t(isName ? 'desk.market.views.fault.name' : 'desk.market.views.fault.address');
  }
  const key = FAULTS.find(([known]) => known === code)?.[1];
  return key && say(key);
}

interface Props {
  view: View;
  views: readonly SavedView[];
  fault: ViewFault | undefined;
}

/** The views that this member of staff keeps, and the one that is shown to be kept. */
export function SavedViews({ view, views, fault }: Props) {
  const here = hrefOf(view);
  return (
    <details class="saved-views" open={fault !== undefined}>
      <summary>
        {views.length > 0 ? t('desk.market.views.count', { count: views.length }) : t('desk.market.views')}
      </summary>
      <div class="saved-views-body">
        {views.length === 0 ? (
          <p class="hint">{t('desk.market.views.none')}</p>
        ) : (
          <ul>
            {views.map(({ id, name, address }) => (
              <li key={id}>
                <a href={address} aria-current={address === here ? 'true' : undefined}>
                  {name}
                </a>
                <form method="post" action={here}>
                  <input type="hidden" name="id" value={id} />
                  <button
                    class="link"
                    name="do"
                    value="delete"
                    aria-label={t('desk.market.views.delete_of', { name })}
                  >
                    {t('desk.market.views.delete')}
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
        <form method="post" action={here} class="saved-views-form">
          <input type="hidden" name="id" value={fault?.typed.id ?? newId()} />
          <Field
            name="name"
            label={t('desk.market.views.name')}
            value={fault?.typed.name ?? ''}
            error={fault?.text}
            required
            input={{ maxlength: VIEW_NAME_MAX, autocomplete: 'off' }}
          />
          <Button look="plain" name="do" value="save">
            {t('desk.market.views.save')}
          </Button>
        </form>
      </div>
    </details>
  );
}
