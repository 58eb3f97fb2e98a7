import { isOutcome, outcomesOf, type Seam, SEAMS } from '#modules/experiments/index.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { say, t } from '../messages.ts';
import type { ExperimentErrors, TypedExperiment } from './experiment-form.ts';
import { choiceName, outcomeName, seamName } from './experiment-words.ts';

interface View {
  seam: Seam;
  typed: TypedExperiment;
  errors: ExperimentErrors;
  team: readonly { memberId: string; name: string }[];
}

/** The first step: what can be chosen after depends on it. */
export function SeamChoice({ path, seams }: { path: string; seams: readonly Seam[] }) {
  return (
    <>
      <Head path={path} />
      <form class="form" action={`${path}/new`}>
        <Select
          name="seam"
          label={t('desk.experiments.choose')}
          options={seams.map((seam) => ({ value: seam, label: seamName(seam) }))}
        />
        <Button>{t('desk.experiments.choose.next')}</Button>
      </form>
    </>
  );
}

const Head = ({ path }: { path: string }) => (
  <>
    <Breadcrumbs
      crumbs={[{ name: t('desk.experiments'), href: path }, { name: t('desk.experiments.new') }]}
    />
    <header class="desk-head">
      <h1>{t('desk.experiments.new')}</h1>
    </header>
  </>
);

export function ExperimentForm({ path, view }: { path: string; view: View }) {
  const { seam, typed, errors, team } = view;
  const { unit } = SEAMS[seam];
  const count = Object.keys(errors).length;
  return (
    <>
      <Head path={path} />
      {count > 0 && <Notice kind="error">{t('desk.experiments.errors', { count })}</Notice>}
      <form class="form admin-form" method="post" action={path} novalidate>
        <input type="hidden" name="id" value={typed.id} />
        <input type="hidden" name="seam" value={seam} />
        <p>
          <strong>{seamName(seam)}</strong>
        </p>
        <Question view={view} />
        <Select
          name="owner"
          label={t('desk.experiments.form.owner')}
          value={typed.owner}
          error={errors.owner}
          options={team.map(({ memberId, name }) => ({ value: memberId, label: name }))}
        />
        <Shares view={view} />
        <Field
          name="countries"
          label={t('desk.experiments.form.countries')}
          hint={t('desk.experiments.form.countries.hint')}
          value={typed.countries}
          error={errors.countries}
          required={false}
          input={{ maxlength: 400, autocomplete: 'off' }}
        />
        <Select
          name="outcome"
          label={t('desk.experiments.form.outcome')}
          value={typed.outcome}
          error={errors.outcome}
          options={outcomesOf(seam).map((outcome) => ({ value: outcome, label: outcomeName(outcome) }))}
        />
        <Field
          name="planned"
          label={t('desk.experiments.form.planned')}
          hint={say(`desk.experiments.form.planned.${unit}`)}
          value={typed.planned}
          error={errors.planned}
          required
          input={{ inputmode: 'numeric', autocomplete: 'off' }}
        />
        <Guards view={view} />
        <div class="actions">
          <Button>{t('desk.experiments.form.save')}</Button>
        </div>
      </form>
    </>
  );
}

function Question({ view: { typed, errors } }: { view: View }) {
  return (
    <>
      <Field
        name="title"
        label={t('desk.experiments.form.title')}
        value={typed.title}
        error={errors.title}
        required
        input={{ maxlength: 120 }}
      />
      <Field
        name="key"
        label={t('desk.experiments.form.key')}
        hint={t('desk.experiments.form.key.hint')}
        value={typed.key}
        error={errors.key}
        required
        input={{ maxlength: 60, autocomplete: 'off' }}
      />
      <TextArea
        name="hypothesis"
        label={t('desk.experiments.form.hypothesis')}
        value={typed.hypothesis}
        rows={3}
        required={false}
      />
    </>
  );
}

/** A row of a list of figures that are typed: what it is about goes along unseen. */
interface RowProps {
  name: string;
  value: string;
  /** The unseen field, and what it says. */
  about: { name: string; value: string };
  label: string;
  index: number;
  /** What is wrong with the list. */
  error: string | undefined;
}

function Row({ name, about, value, label, index, error }: RowProps) {
  const id = `${name}-${index}`;
  const isWrong = error !== undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input type="hidden" name={about.name} value={about.value} />
      <input
        id={id}
        name={name}
        value={value}
        inputmode="decimal"
        autocomplete="off"
        maxlength={10}
        {...(isWrong && { 'aria-invalid': 'true', 'aria-describedby': `${name}-error` })}
      />
    </div>
  );
}

function Shares({ view: { seam, typed, errors } }: { view: View }) {
  return (
    <fieldset>
      <legend>{t('desk.experiments.form.shares')}</legend>
      <p class="hint">{t('desk.experiments.form.shares.hint')}</p>
      <div class="form-row">
        {typed.choice.map((choice, index) => (
          <Row
            key={choice}
            name="share"
            value={typed.share[index] ?? ''}
            about={{ name: 'choice', value: choice }}
            label={t('desk.experiments.form.share', { choice: choiceName(seam, choice) })}
            index={index}
            error={errors.shares}
          />
        ))}
      </div>
      {typed.choice.length < 2 && (
        <p>
          {t('desk.experiments.no_rules')} <a href="/desk/routing">{t('desk.experiments.no_rules.link')}</a>
        </p>
      )}
      {errors.shares && (
        <p class="field-error" id="share-error">
          {errors.shares}
        </p>
      )}
    </fieldset>
  );
}

function Guards({ view: { typed, errors } }: { view: View }) {
  return (
    <fieldset>
      <legend>{t('desk.experiments.form.guards')}</legend>
      <p class="hint">{t('desk.experiments.form.guards.hint')}</p>
      <div class="form-row">
        {typed.guarded.map((outcome, index) => (
          <Row
            key={outcome}
            name="worst"
            value={typed.worst[index] ?? ''}
            about={{ name: 'guarded', value: outcome }}
            label={t('desk.experiments.form.guard', {
              outcome: isOutcome(outcome) ? outcomeName(outcome) : outcome,
            })}
            index={index}
            error={errors.worst}
          />
        ))}
      </div>
      {errors.worst && (
        <p class="field-error" id="worst-error">
          {errors.worst}
        </p>
      )}
    </fieldset>
  );
}
