import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import {
  type Aspect,
  aspects,
  ASKS_AFTER_DAYS_MAX,
  changeSettings,
  dropAspect,
  INCENTIVE_NOTE_MAX,
  INCENTIVES,
  putAspect,
  requestFigures,
  REVIEW_SETTERS,
  reviewErrors,
  type ReviewSettings,
  reviewSettings,
} from '#modules/reviews/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type CategoryName, categoryNames } from '#read/product-names.ts';
import { Button } from '../components/Button.tsx';
import { Check, Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import {
  AspectForm,
  type AspectBody,
  aspectIn,
  Aspects,
  blankAspect,
  TypedAspect,
} from './review-aspects.tsx';
import { ReviewShell } from './review-shell.tsx';

const PATH = '/desk/reviews/settings';
const FIGURE_DAYS = 90;
const DAY_MS = 86_400_000;

const SettingsBody = exactly({
  unverified: Text(3),
  days: Text(10),
  incentive: Text(20),
  note: Text(INCENTIVE_NOTE_MAX),
});
type SettingsBody = Static<typeof SettingsBody>;

interface View {
  settings: ReviewSettings;
  /** As typed, where it was wrong. */
  days: string;
  daysFault: string | undefined;
  figures: { asked: number; wrote: number };
  aspects: readonly Aspect[];
  categories: readonly CategoryName[];
  aspect: AspectBody;
  aspectFault: string | undefined;
}

/** What reviews are asked, when buyers are asked for them, and how many wrote. */
export const reviewSettingPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  const show = async (reply: FastifyReply, said: Partial<View> = {}, change?: string) => {
    const until = now();
    const from = new Date(until.getTime() - FIGURE_DAYS * DAY_MS);
    const [settings, figures, all, categories] = await Promise.all([
      reviewSettings(db),
      requestFigures(reads, from, until),
      aspects(db),
      categoryNames(reads),
    ]);
    const changed = all.find(({ id }) => id === change);
    const view: View = {
      settings,
      days: settings.asksAfterDays === null ? '' : String(settings.asksAfterDays),
      daysFault: undefined,
      figures,
      aspects: all,
      categories,
      aspect: blankAspect(changed),
      aspectFault: undefined,
      ...said,
    };
    return reply.page((about) => <SettingsPage page={about} view={view} />);
  };

  const changing = Type.Object({ change: Type.Optional(Id) });
  app.get(PATH, page('staff', { querystring: changing }), ({ query }, reply) =>
    show(reply, {}, query.change),
  );

  app.post(PATH, page(REVIEW_SETTERS, { body: SettingsBody }), async ({ viewer, body }, reply) => {
    const settings = settingsIn(body);
    if (!settings) {
      const daysFault = t('desk.reviews.days.fault', { max: ASKS_AFTER_DAYS_MAX });
      return show(reply.code(422), { days: body.days, daysFault });
    }
    await inTransaction(db, (tx) => changeSettings(tx, actorOf(viewer), settings));
    return sendOn(reply, PATH, 'desk.reviews.saved');
  });

  app.post(
    `${PATH}/aspects`,
    page(REVIEW_SETTERS, { body: TypedAspect }),
    async ({ viewer, body }, reply) => {
      const aspect = aspectIn(body);
      try {
        if (!aspect) throw reviewErrors.aspect_invalid({});
        await inTransaction(db, (tx) => putAspect(tx, actorOf(viewer), aspect));
        return sendOn(reply, `${PATH}#aspects`, 'desk.reviews.aspect.saved');
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const isTaken = error.code === reviewErrors.aspect_taken.code;
        if (!isTaken && error.code !== reviewErrors.aspect_invalid.code) throw error;
        const aspectFault = say(isTaken ? 'desk.reviews.aspect.taken' : 'desk.reviews.aspect.fault');
        return show(reply.code(error.status), { aspect: body, aspectFault });
      }
    },
  );

  app.post(
    `${PATH}/aspects/drop`,
    page(REVIEW_SETTERS, { body: exactly({ id: Id }) }),
    async ({ viewer, body: { id } }, reply) => {
      await inTransaction(db, (tx) => dropAspect(tx, actorOf(viewer), id));
      return sendOn(reply, `${PATH}#aspects`, 'desk.reviews.aspect.dropped');
    },
  );
};

/** Undefined where the days are no days. */
function settingsIn({ unverified, days, incentive, note }: SettingsBody): ReviewSettings | undefined {
  const typed = days.trim();
  const asksAfterDays = typed === '' ? null : Number(typed);
  const isRight =
    asksAfterDays === null ||
    (Number.isInteger(asksAfterDays) && asksAfterDays >= 0 && asksAfterDays <= ASKS_AFTER_DAYS_MAX);
  if (!isRight) return undefined;
  return {
    takesUnverified: unverified === 'yes',
    asksAfterDays,
    incentive: INCENTIVES.find((each) => each === incentive) ?? null,
    incentiveNote: note,
  };
}

function SettingsPage({ page: about, view }: { page: Page; view: View }) {
  const maySet = mayEnter(about.viewer, REVIEW_SETTERS);
  return (
    <ReviewShell page={about} title={t('desk.reviews.settings')} lead={t('desk.reviews.settings.lead')}>
      <Figures page={about} figures={view.figures} />
      {maySet && <Taking view={view} />}
      <section class="panel" aria-labelledby="aspects">
        <h2 id="aspects">{t('desk.reviews.aspects')}</h2>
        <Aspects aspects={view.aspects} categories={view.categories} path={PATH} maySet={maySet} />
      </section>
      {maySet && (
        <AspectForm path={PATH} typed={view.aspect} categories={view.categories} fault={view.aspectFault} />
      )}
    </ReviewShell>
  );
}

function Figures({ page: { format }, figures }: { page: Page; figures: View['figures'] }) {
  const { asked, wrote } = figures;
  const title = t('desk.reviews.figures', { days: FIGURE_DAYS });
  return (
    <section class="panel" aria-labelledby="figures">
      <h2 id="figures">{title}</h2>
      <Table
        caption={title}
        rows={[figures]}
        rowKey={() => 'all'}
        columns={[
          { title: t('desk.reviews.figures.asked'), figures: true, cell: () => format.number(asked) },
          { title: t('desk.reviews.figures.wrote'), figures: true, cell: () => format.number(wrote) },
          {
            title: t('desk.reviews.figures.rate'),
            figures: true,
            cell: () => (asked === 0 ? '–' : `${format.number((wrote / asked) * 100, 1)} %`),
          },
        ]}
      />
      <p class="hint">{t('desk.reviews.figures.what')}</p>
    </section>
  );
}

function Taking({ view: { settings, days, daysFault } }: { view: View }) {
  return (
    <section class="admin-form panel" aria-labelledby="taking">
      <h2 id="taking">{t('desk.reviews.taking')}</h2>
      <form method="post" action={PATH} class="form" novalidate>
        <Check
          name="unverified"
          label={t('desk.reviews.unverified')}
          hint={t('desk.reviews.unverified.hint')}
          checked={settings.takesUnverified}
        />
        <Field
          name="days"
          label={t('desk.reviews.days')}
          hint={t('desk.reviews.days.hint', { max: ASKS_AFTER_DAYS_MAX })}
          value={days}
          error={daysFault}
          required={false}
          input={{ inputmode: 'numeric', maxlength: 10, autocomplete: 'off' }}
        />
        <Select
          name="incentive"
          label={t('desk.reviews.incentive')}
          hint={t('desk.reviews.incentive.hint')}
          value={settings.incentive ?? ''}
          options={[
            { value: '', label: t('desk.reviews.incentive.none') },
            ...INCENTIVES.map((value) => ({ value, label: t(`desk.reviews.incentive.${value}`) })),
          ]}
        />
        <Field
          name="note"
          label={t('desk.reviews.note')}
          hint={t('desk.reviews.note.hint')}
          value={settings.incentiveNote}
          required={false}
          input={{ maxlength: INCENTIVE_NOTE_MAX, autocomplete: 'off' }}
        />
        <div class="actions">
          <Button>{t('desk.reviews.save')}</Button>
        </div>
      </form>
    </section>
  );
}
