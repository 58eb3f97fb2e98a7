import { type Static, Type } from 'typebox';
import {
  ACT_KINDS,
  type ActWish,
  type ConcernPage,
  NOTE_MAX,
  REASONS,
  reasonsFor,
} from '#modules/safety/index.ts';
import { newId } from '#platform/ids.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { say, t } from '../messages.ts';
import { Text } from '../page.ts';

const LEVELS = [0, 1, 2, 3] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const ActBody = exactly({
  id: Id,
  version: Type.String({ pattern: '^[0-9]{1,9}$' }),
  kind: Type.Enum([...ACT_KINDS]),
  reason: Text(40),
  note: Text(8 * NOTE_MAX),
  level: Text(1),
  until: Text(10),
});

/** What a form asks for; or why it can't be. */
export function actIn(body: Static<typeof ActBody>, concernId: string): ActWish | string {
  const { id, kind, note } = body;
  const wish: ActWish = { id, concernId, version: Number(body.version), kind, note };
  if (kind === 'remove' || kind === 'clear') {
    const reason = REASONS.find((each) => each === body.reason);
    return reason ? { ...wish, reason } : say('desk.moderation.fault.reason');
  }
  if (kind === 'trust') {
    const level = LEVELS.find((each) => String(each) === body.level);
    return level === undefined ? say('desk.moderation.fault.level') : { ...wish, level };
  }
  if (kind === 'suspend') {
    const until = new Date(`${body.until}T00:00:00Z`);
    const isDay = DAY.test(body.until) && !Number.isNaN(until.getTime());
    return isDay ? { ...wish, until } : say('desk.moderation.fault.until');
  }
  return wish;
}

function Hidden({ concern }: { concern: ConcernPage }) {
  return (
    <>
      <input type="hidden" name="id" value={newId()} />
      <input type="hidden" name="version" value={String(concern.version)} />
    </>
  );
}

/** What becomes of the thing. What can't be done with it as it stands is not offered. */
export function DecideForm({ concern }: { concern: ConcernPage }) {
  const { id, kind, state, causes, isOpen } = concern;
  const isProfile = kind === 'profile';
  const isShown = state === 'live' || state === 'held';
  const isRemoved = state === 'removed';
  const acts = [
    ...(isOpen && !causes.includes('appeal') ? (['keep'] as const) : []),
    ...(state === 'live' ? (['hold'] as const) : []),
    ...(isRemoved ? (['restore'] as const) : []),
    ...(causes.includes('appeal') ? (['uphold'] as const) : []),
  ];
  return (
    <section class="panel" aria-labelledby="decide">
      <h2 id="decide">{t('desk.moderation.decide')}</h2>
      <form method="post" action={`/desk/moderation/${id}/act`} class="form" novalidate>
        <Hidden concern={concern} />
        <TextArea
          name="note"
          label={t('desk.moderation.note')}
          hint={t('desk.moderation.note.hint', { max: NOTE_MAX })}
          rows={3}
          required={false}
        />
        {(isShown || isProfile) && (
          <Select
            name="reason"
            label={t('desk.moderation.reason')}
            hint={t('desk.moderation.reason.hint')}
            value=""
            options={[
              { value: '', label: t('desk.moderation.reason.choose') },
              ...reasonsFor(kind).map((reason) => ({ value: reason, label: t(`safety.reason.${reason}`) })),
            ]}
          />
        )}
        <div class="actions">
          {acts.map((each) => (
            <Button key={each} name="kind" value={each} look={each === acts[0] ? 'primary' : 'plain'}>
              {t(`desk.moderation.do.${each}`)}
            </Button>
          ))}
          {(isShown || isProfile) && (
            <Button name="kind" value={isProfile ? 'clear' : 'remove'} look="danger">
              {t(`desk.moderation.do.${isProfile ? 'clear' : 'remove'}`)}
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}

/** What is said to its maker, and how far they are trusted from now on. */
export function MemberForms({ concern }: { concern: ConcernPage }) {
  const action = `/desk/moderation/${concern.id}/act`;
  return (
    <section class="panel" aria-labelledby="member">
      <h2 id="member">{t('desk.moderation.member')}</h2>
      <details>
        <summary class="text-button">{t('desk.moderation.do.warn')}</summary>
        <form method="post" action={action} class="form" novalidate>
          <Hidden concern={concern} />
          <div class="field">
            <label for="warning">{t('desk.moderation.warning')}</label>
            <textarea id="warning" name="note" rows={3} required />
          </div>
          <Button name="kind" value="warn" look="plain">
            {t('desk.moderation.do.warn')}
          </Button>
        </form>
      </details>
      <details>
        <summary class="text-button">{t('desk.moderation.do.trust')}</summary>
        <form method="post" action={action} class="form" novalidate>
          <Hidden concern={concern} />
          <Select
            name="level"
            label={t('desk.moderation.level')}
            hint={t('desk.moderation.level.hint')}
            value={String(concern.trust?.level ?? 0)}
            options={LEVELS.map((level) => ({ value: String(level), label: t(`safety.level.${level}`) }))}
          />
          <div class="field">
            <label for="trust-why">{t('desk.moderation.why_so')}</label>
            <input id="trust-why" name="note" maxLength={NOTE_MAX} autocomplete="off" />
          </div>
          <Button name="kind" value="trust" look="plain">
            {t('desk.moderation.do.trust')}
          </Button>
        </form>
      </details>
      <details>
        <summary class="text-button">{t('desk.moderation.do.suspend')}</summary>
        <form method="post" action={action} class="form" novalidate>
          <Hidden concern={concern} />
          <Field name="until" type="date" label={t('desk.moderation.until.day')} required />
          <div class="field">
            <label for="suspend-why">{t('desk.moderation.why_so')}</label>
            <input id="suspend-why" name="note" maxLength={NOTE_MAX} autocomplete="off" />
          </div>
          <Button name="kind" value="suspend" look="danger">
            {t('desk.moderation.do.suspend')}
          </Button>
        </form>
      </details>
    </section>
  );
}
