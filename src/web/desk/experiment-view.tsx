import { randomUUID } from 'node:crypto';
import {
  type Effect,
  type Experiment,
  isDecided,
  type KeptLook,
  type Outcome,
  OUTCOMES,
  type Results,
  resultsOf,
  type StepKind,
} from '#modules/experiments/index.ts';
import { dayIn } from '#platform/days.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { countryName } from '../format.ts';
import { type PlainKey, say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { changeText, choiceName, meanText, outcomeName, percentOf, seamName } from './experiment-words.ts';
import { dayName, dayTick, momentName } from './figures.tsx';
import { LineChart } from './line-chart.tsx';

interface View {
  experiment: Experiment;
  results: Results;
  /** The newest first. */
  looks: readonly KeptLook[];
  names: ReadonlyMap<string, string>;
  currency: string;
  timeZone: string;
  fault: PlainKey | undefined;
}

interface Props {
  page: Page;
  path: string;
  view: View;
  mayWrite: boolean;
}

const WHOLE = 10_000;

/** An experiment: what it asks, what became of it, what was done. */
export function ExperimentView({ page: about, path, view, mayWrite }: Props) {
  const { experiment, results, fault } = view;
  const { state } = experiment;
  const figures = state !== 'draft' && (
    <>
      <OutcomeTable page={about} view={view} />
      <Course page={about} view={view} />
      <GuardTable page={about} view={view} />
    </>
  );
  return (
    <>
      <Breadcrumbs crumbs={[{ name: t('desk.experiments'), href: path }, { name: experiment.title }]} />
      <Head page={about} view={view} />
      {fault && <Notice kind="error">{say(fault)}</Notice>}
      {mayWrite && state === 'draft' && (
        <p class="actions">
          <ButtonLink look="plain" href={`${path}/${experiment.id}/edit`}>
            {t('desk.experiments.edit')}
          </ButtonLink>
        </p>
      )}
      <Arms page={about} view={view} />
      {results.ratio.isSuspect && figures ? (
        <details>
          <summary>{t('desk.experiments.untrusted')}</summary>
          {figures}
        </details>
      ) : (
        figures
      )}
      {mayWrite && <NextStep path={path} experiment={experiment} />}
      <Steps page={about} view={view} />
    </>
  );
}

function Head({ page: { format }, view: { experiment, names } }: { page: Page; view: View }) {
  const { title, hypothesis, seam, state, ownerId, countries } = experiment;
  const places = countries.map((code) => countryName(code, format));
  const list = new Intl.ListFormat(format.locale, { type: 'conjunction' });
  const told = [
    say(`desk.experiments.state.${state}`),
    seamName(seam),
    places.length > 0
      ? t('desk.experiments.where', { countries: list.format(places) })
      : t('desk.experiments.everywhere'),
    t('desk.experiments.owner', { name: names.get(`member:${ownerId}`) ?? t('desk.experiments.gone') }),
  ];
  return (
    <header class="desk-head">
      <h1>{title}</h1>
      <p class="soft">{told.join(' · ')}</p>
      {hypothesis && <p>{hypothesis}</p>}
    </header>
  );
}

interface PartProps {
  page: Page;
  view: View;
}

/** Who got what, and whether that is as it was planned. */
function Arms({ page: { format }, view: { experiment, results } }: PartProps) {
  const { seam, variants, state } = experiment;
  const { exposed, ratio } = results;
  const all = exposed.reduce((sum, count) => sum + count, 0);
  return (
    <section class="panel" aria-labelledby="arms">
      <h2 id="arms">{t('desk.experiments.arms')}</h2>
      {ratio.isSuspect && <Notice kind="error">{t('desk.experiments.ratio.suspect')}</Notice>}
      <Table
        cards
        caption={t('desk.experiments.arms')}
        rows={variants.map((variant, index) => ({ ...variant, count: exposed[index] ?? 0 }))}
        rowKey={({ choice }) => choice}
        columns={[
          { title: t('desk.experiments.variant'), cell: ({ choice }) => choiceName(seam, choice) },
          {
            title: t('desk.experiments.planned_share'),
            figures: true,
            cell: ({ weight }) => percentOf(format, weight / WHOLE),
          },
          {
            title: t('desk.experiments.exposed'),
            figures: true,
            cell: ({ count }) => format.number(count),
            total: format.number(all),
          },
          {
            title: t('desk.experiments.got_share'),
            figures: true,
            cell: ({ count }) => (all > 0 ? percentOf(format, count / all) : '–'),
            total: '',
          },
        ]}
      />
      {!ratio.isSuspect && state !== 'draft' && <p class="hint">{t('desk.experiments.ratio.fine')}</p>}
    </section>
  );
}

interface OutcomeRow {
  outcome: Outcome;
  choice: string;
  before: number | null;
  after: number | null;
  units: number;
  effect: Effect | null;
}

const rowsOf = ({ experiment, results }: View): OutcomeRow[] =>
  results.outcomes.flatMap(({ outcome, arms, effects }) =>
    effects.map((effect, index) => ({
      outcome,
      effect,
      choice: experiment.variants[index + 1]?.choice ?? '',
      before: arms[0]?.mean ?? null,
      after: arms[index + 1]?.mean ?? null,
      units: (arms[0]?.units ?? 0) + (arms[index + 1]?.units ?? 0),
    })),
  );

/** Of an interval that has zero in it nothing is said. */
function verdictOf({ outcome, effect }: OutcomeRow): PlainKey {
  if (!effect) return 'desk.experiments.verdict.few';
  if (!isDecided(effect)) return 'desk.experiments.verdict.open';
  const isMore = effect.low > 0;
  return isMore === (OUTCOMES[outcome].harm === 'falls')
    ? 'desk.experiments.verdict.better'
    : 'desk.experiments.verdict.worse';
}

function OutcomeTable({ page: { format }, view }: PartProps) {
  const { seam } = view.experiment;
  const teller = { format, currency: view.currency };
  const interval = ({ outcome, effect }: OutcomeRow) => {
    if (!effect) return '–';
    const { relative } = effect;
    const [low, high] = relative
      ? [changeText(format, relative.low), changeText(format, relative.high)]
      : [meanText(teller, outcome, effect.low), meanText(teller, outcome, effect.high)];
    return t('desk.experiments.interval.of', { low, high });
  };
  const change = ({ outcome, effect }: OutcomeRow) => {
    if (!effect) return '–';
    const { relative, difference } = effect;
    return relative ? changeText(format, relative.change) : meanText(teller, outcome, difference);
  };
  return (
    <section class="panel" aria-labelledby="results">
      <h2 id="results">{t('desk.experiments.results')}</h2>
      <p class="hint">{t('desk.experiments.results.hint')}</p>
      <Table
        cards
        caption={t('desk.experiments.results')}
        rows={rowsOf(view)}
        rowKey={({ outcome, choice }) => `${outcome} ${choice}`}
        columns={[
          { title: t('desk.experiments.figure'), cell: ({ outcome }) => outcomeName(outcome) },
          { title: t('desk.experiments.variant'), cell: ({ choice }) => choiceName(seam, choice) },
          {
            title: t('desk.experiments.now'),
            figures: true,
            cell: ({ outcome, before }) => meanText(teller, outcome, before),
          },
          {
            title: t('desk.experiments.tried'),
            figures: true,
            cell: ({ outcome, after }) => meanText(teller, outcome, after),
          },
          { title: t('desk.experiments.change'), figures: true, cell: change },
          { title: t('desk.experiments.interval'), figures: true, cell: interval },
          {
            title: t('desk.experiments.verdict'),
            cell: (row) => (
              <span title={t('desk.experiments.units', { count: format.number(row.units) })}>
                {say(verdictOf(row))}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

/** How what decides went, by the last look of each day; one line for the first variant that is tried. */
function Course({ page: { format }, view: { experiment, looks, timeZone, currency } }: PartProps) {
  const { outcome, seam, variants } = experiment;
  const days = new Map<string, Effect>();
  for (const look of looks.toReversed()) {
    const [effect] = resultsOf(experiment, look).outcomes[0]?.effects ?? [];
    if (effect) days.set(dayIn(timeZone, look.lookedAt), effect);
  }
  if (days.size < 2) return null;
  const teller = { format, currency };
  const said = (value: number) => meanText(teller, outcome, value);
  const choice = choiceName(seam, variants[1]?.choice ?? '');
  const heading = t('desk.experiments.course', { figure: outcomeName(outcome), choice });
  return (
    <section class="panel" aria-labelledby="course">
      <h2 id="course">{heading}</h2>
      <p class="hint">{t('desk.experiments.course.hint')}</p>
      <LineChart
        label={heading}
        points={[...days].map(([day, { difference, low, high }]) => ({
          day,
          value: difference,
          low,
          high,
          title: t('desk.experiments.course.point', {
            day: dayName(format, day),
            low: said(low),
            high: said(high),
          }),
        }))}
        names={{ value: t('desk.experiments.course.value'), before: '' }}
        tick={said}
        dayTick={(day) => dayTick(format, day, false)}
      />
    </section>
  );
}

function GuardTable({ page: { format }, view: { experiment, results } }: PartProps) {
  const { seam, variants } = experiment;
  const rows = results.guardrails.flatMap(({ outcome, worstBorne, states }) =>
    states.map((state, index) => ({ outcome, worstBorne, state, choice: variants[index + 1]?.choice ?? '' })),
  );
  if (rows.length === 0) return null;
  const worse = (outcome: Outcome, borne: number) =>
    changeText(format, OUTCOMES[outcome].harm === 'falls' ? -borne : borne);
  return (
    <section class="panel" aria-labelledby="guards">
      <h2 id="guards">{t('desk.experiments.guards')}</h2>
      <Table
        cards
        caption={t('desk.experiments.guards')}
        rows={rows}
        rowKey={({ outcome, choice }) => `${outcome} ${choice}`}
        columns={[
          { title: t('desk.experiments.guard'), cell: ({ outcome }) => outcomeName(outcome) },
          { title: t('desk.experiments.variant'), cell: ({ choice }) => choiceName(seam, choice) },
          {
            title: t('desk.experiments.borne'),
            figures: true,
            cell: ({ outcome, worstBorne }) => worse(outcome, worstBorne),
          },
          {
            title: t('desk.experiments.verdict'),
            cell: ({ state }) => say(`desk.experiments.guard.${state}`),
          },
        ]}
      />
    </section>
  );
}

const NEXT: Record<Experiment['state'], Exclude<StepKind, 'drafted'>> = {
  draft: 'started',
  running: 'stopped',
  stopped: 'decided',
};
const BUTTONS = { started: 'start', stopped: 'stop', decided: 'decide' } as const;

function NextStep({ path, experiment }: { path: string; experiment: Experiment }) {
  const { id, seam, variants, state, steps } = experiment;
  const kind = NEXT[state];
  if (steps.some((step) => step.kind === 'decided')) return null;
  const name = BUTTONS[kind];
  return (
    <section class="panel" aria-labelledby="next">
      <h2 id="next">{say(`desk.experiments.${name}`)}</h2>
      <p class="hint">{say(`desk.experiments.${name}.hint`)}</p>
      <form class="form" method="post" action={`${path}/${id}/steps`}>
        <input type="hidden" name="step" value={randomUUID()} />
        <input type="hidden" name="kind" value={kind} />
        {kind === 'decided' && (
          <Select
            name="chosen"
            label={t('desk.experiments.stays')}
            options={variants.map(({ choice }) => ({ value: choice, label: choiceName(seam, choice) }))}
          />
        )}
        {kind !== 'started' && (
          <Field
            name="reason"
            label={t('desk.experiments.reason')}
            required={false}
            input={{ maxlength: 500, autocomplete: 'off' }}
          />
        )}
        <div class="actions">
          <Button>{say(`desk.experiments.${name}`)}</Button>
        </div>
      </form>
    </section>
  );
}

function Steps({ page: { format }, view: { experiment, names, timeZone } }: PartProps) {
  const { steps, seam } = experiment;
  return (
    <section class="panel" aria-labelledby="steps">
      <h2 id="steps">{t('desk.experiments.steps')}</h2>
      <Table
        cards
        caption={t('desk.experiments.steps')}
        rows={steps}
        rowKey={({ kind, takenAt }) => `${kind} ${takenAt.toISOString()}`}
        columns={[
          {
            title: t('desk.experiments.step'),
            cell: ({ kind, chosen }) =>
              kind === 'decided'
                ? t('desk.experiments.step.decided', { choice: choiceName(seam, chosen ?? '') })
                : say(`desk.experiments.step.${kind}`),
          },
          {
            title: t('desk.experiments.when'),
            cell: ({ takenAt }) => momentName(format, takenAt, timeZone, { year: 'numeric' }),
          },
          {
            title: t('desk.experiments.who'),
            cell: ({ actor }) =>
              actor === 'system' ? t('desk.audit.system') : (names.get(actor) ?? t('desk.experiments.gone')),
          },
          { title: t('desk.experiments.why'), cell: ({ reason }) => reason },
        ]}
      />
    </section>
  );
}
