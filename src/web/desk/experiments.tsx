import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  type Experiment,
  experimentById,
  experiments,
  experimentsErrors,
  isSeam,
  leastRatio,
  looksOf,
  putExperiment,
  resultsOf,
  type Seam,
  SEAM_NAMES,
  SEAMS,
  takeStep,
  WRITERS,
} from '#modules/experiments/index.ts';
import { actorOf, marketplaceOrganization, namesOf, teamOf } from '#modules/identity/index.ts';
import { ruleSets } from '#modules/routing/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { outcomesOfExperiment } from '#read/experiment-outcomes.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Table } from '../components/Table.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { ExperimentForm, SeamChoice } from './experiment-fields.tsx';
import {
  blankExperiment,
  ExperimentBody,
  type ExperimentErrors,
  planIn,
  type TypedExperiment,
  typedExperiment,
} from './experiment-form.ts';
import { ExperimentView } from './experiment-view.tsx';
import { seamName } from './experiment-words.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/experiments';
const SHOWN = 100;
const TRIAL_RULES_SHOWN = 100;
const OneId = Type.Object({ id: Id });

const StepForm = exactly({
  step: Id,
  kind: Type.Enum(['started', 'stopped', 'decided']),
  chosen: Text(60),
  reason: Text(500),
});

/** What is tried on a part of the visitors or orders: all staff see it, merchants and operations do it. */
export const experimentPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  await app.register(experimentPage, deps);

  const form = async (
    reply: FastifyReply,
    seam: Seam,
    typedFor: (choices: string[]) => TypedExperiment,
    errors: ExperimentErrors = {},
  ) => {
    const { id } = await inTransaction(db, marketplaceOrganization);
    const [team, choices] = await Promise.all([teamOf(db, id), choicesOf(deps, seam)]);
    const view = { typed: typedFor(choices), errors, team, seam };
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.experiments.new')}>
        <ExperimentForm path={PATH} view={view} />
      </DeskShell>
    ));
  };

  app.get(PATH, page('staff'), async (_request, reply) => {
    const found = await experiments(reads, { limit: SHOWN });
    return reply.page((about) => <ListPage page={about} found={found} timeZone={config.timeZone} />);
  });

  app.get(
    `${PATH}/new`,
    page(WRITERS, { querystring: Type.Object({ seam: Text(60) }) }),
    async ({ query: { seam }, viewer }, reply) =>
      isSeam(seam)
        ? form(reply, seam, (choices) => blankExperiment(seam, choices, viewer.memberId ?? ''))
        : reply.page((about) => (
            <DeskShell page={about} title={t('desk.experiments.new')}>
              <SeamChoice path={PATH} seams={SEAM_NAMES} />
            </DeskShell>
          )),
  );

  app.post(PATH, page(WRITERS, { body: ExperimentBody }), async ({ body, viewer }, reply) => {
    const { plan, errors } = planIn(body);
    const seam = isSeam(body.seam) ? body.seam : 'list_order';
    if (errors) return form(reply.code(422), seam, () => body, errors);
    try {
      await inTransaction(db, (tx) => putExperiment(tx, actorOf(viewer), plan, now()));
    } catch (error) {
      const fault = error instanceof AppError ? FAULTS[error.code] : undefined;
      if (!fault) throw error;
      return form(reply.code(422), seam, () => body, { [fault.field]: say(fault.text) });
    }
    return sendOn(reply, `${PATH}/${plan.id}`, 'desk.experiments.saved');
  });

  app.get(`${PATH}/:id/edit`, page(WRITERS, { params: OneId }), async ({ params: { id } }, reply) => {
    const found = await experimentById(db, id);
    if (found.state !== 'draft') return reply.redirect(`${PATH}/${id}`, 303);
    return form(reply, found.seam, (choices) => typedExperiment(found, choices));
  });
};

/** One of them: what it says, and what comes next. */
const experimentPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;

  const show = async (reply: FastifyReply, id: string, fault?: PlainKey) => {
    const experiment = await experimentById(db, id);
    const [currency, looks, least, names] = await Promise.all([
      marketplaceCurrency(reads),
      looksOf(reads, id, config.timeZone),
      leastRatio(reads, id),
      namesOf(reads, peopleIn(experiment)),
    ]);
    const look = await outcomesOfExperiment(reads, experiment, { currency, now: now() });
    const results = resultsOf(experiment, look, least);
    const view = { experiment, results, looks, names, currency, timeZone: config.timeZone, fault };
    return reply.page((about) => (
      <DeskShell page={about} title={experiment.title}>
        <ExperimentView page={about} path={PATH} view={view} mayWrite={mayEnter(about.viewer, WRITERS)} />
      </DeskShell>
    ));
  };

  app.get(`${PATH}/:id`, page('staff', { params: OneId }), ({ params: { id } }, reply) => show(reply, id));

  app.post(
    `${PATH}/:id/steps`,
    page(WRITERS, { params: OneId, body: StepForm }),
    async ({ params: { id }, body: { step, ...wish }, viewer }, reply) => {
      const taken = { ...wish, id: step, experimentId: id, chosen: wish.chosen || null };
      try {
        await inTransaction(db, (tx) => takeStep(tx, actorOf(viewer), taken, now()));
      } catch (error) {
        const fault = error instanceof AppError ? STEP_FAULTS[error.code] : undefined;
        if (!fault || !(error instanceof AppError)) throw error;
        return show(reply.code(error.status), id, fault);
      }
      return sendOn(reply, `${PATH}/${id}`, `desk.experiments.${wish.kind}`);
    },
  );
};

const peopleIn = ({ ownerId, steps }: Experiment): string[] => [
  ...new Set([`member:${ownerId}`, ...steps.map(({ actor }) => actor)]),
];

/** The seam's own, and of rules those that are kept to be tried. */
async function choicesOf({ reads }: Pick<Deps, 'reads'>, seam: Seam): Promise<string[]> {
  const own: readonly string[] = SEAMS[seam].choices;
  if (seam !== 'routing_rules') return [...own];
  const kept = (await ruleSets(reads, TRIAL_RULES_SHOWN)).filter(({ onTrial }) => onTrial);
  return [...own, ...kept.slice(0, 20).map(({ version }) => String(version))];
}

const FAULTS: Record<string, { field: keyof ExperimentErrors; text: PlainKey }> = {
  [experimentsErrors.key_taken.code]: { field: 'key', text: 'desk.experiments.fault.key_taken' },
  [experimentsErrors.owner_not_staff.code]: { field: 'owner', text: 'desk.experiments.fault.owner' },
  [experimentsErrors.variants_unfit.code]: { field: 'shares', text: 'desk.experiments.fault.shares' },
  [experimentsErrors.outcome_unfit.code]: { field: 'outcome', text: 'desk.experiments.fault.outcome' },
  [experimentsErrors.not_a_draft.code]: { field: 'key', text: 'desk.experiments.fault.begun' },
};

const STEP_FAULTS: Record<string, PlainKey> = {
  [experimentsErrors.seam_in_use.code]: 'desk.experiments.fault.in_use',
  [experimentsErrors.step_out_of_order.code]: 'desk.experiments.fault.order',
};

function ListPage({
  page: about,
  found,
  timeZone,
}: {
  page: Page;
  found: readonly Experiment[];
  timeZone: string;
}) {
  const mayWrite = mayEnter(about.viewer, WRITERS);
  const add = mayWrite && <ButtonLink href={`${PATH}/new`}>{t('desk.experiments.new')}</ButtonLink>;
  return (
    <DeskShell page={about} title={t('desk.experiments')}>
      <header class="desk-head">
        <h1>{t('desk.experiments')}</h1>
        <p class="soft">{t('desk.experiments.lead')}</p>
      </header>
      {found.length === 0 ? (
        <EmptyState title={t('desk.experiments.none.title')} text={t('desk.experiments.none.text')}>
          {add}
        </EmptyState>
      ) : (
        <>
          <p class="actions">{add}</p>
          <Table
            cards
            caption={t('desk.experiments')}
            rows={found}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('desk.experiments.name'),
                cell: ({ id, title }) => <a href={`${PATH}/${id}`}>{title}</a>,
              },
              { title: t('desk.experiments.what'), cell: ({ seam }) => seamName(seam) },
              {
                title: t('desk.experiments.state'),
                cell: ({ state }) => say(`desk.experiments.state.${state}`),
              },
              {
                title: t('desk.experiments.since'),
                cell: ({ stoppedAt, startedAt, changedAt }) =>
                  momentName(about.format, stoppedAt ?? startedAt ?? changedAt, timeZone, {
                    year: 'numeric',
                  }),
              },
            ]}
          />
        </>
      )}
    </DeskShell>
  );
}
