import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CONSENT_PURPOSES, consentOf, namesOf, type Purpose } from '#modules/identity/index.ts';
import {
  type CustomerFigures,
  customerSeen,
  type CustomerTastes,
  insightErrors,
} from '#modules/insight/index.ts';
import { journeyOfMember, personsErrors, type Step } from '#modules/persons/index.ts';
import { PERSONAL_READERS } from '#platform/access.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { customerHistory, type HistoryEntry } from '../../customer-reads.ts';
import { titleOf } from '../account/privacy.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { FiguresPart, History, TastesPart } from './customer-parts.tsx';
import { customerName } from './customers.tsx';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';

const JOURNEY_DAYS = 30;

interface View {
  customerId: string;
  name: string;
  figures: CustomerFigures[];
  tastes: CustomerTastes;
  entries: HistoryEntry[];
  /** What led to the order that is asked for; `unknown` where the stream has no such order of theirs. */
  journey: Step[] | 'unknown' | undefined;
  states: Record<Purpose, boolean>;
  timeZone: string;
}

/** All of a customer in one place, while they agree to it. */
export const customerPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/desk/customers/:id',
    page(PERSONAL_READERS, {
      params: exactly({ id: Id }),
      querystring: exactly({ order: Type.Optional(Id) }),
    }),
    async ({ params: { id }, query: { order } }, reply) => {
      try {
        const view = await read(deps, id, order);
        return await reply.page((about) => <CustomerPage page={about} view={view} />);
      } catch (fault) {
        if (!(fault instanceof AppError) || fault.code !== insightErrors.consent_missing.code) throw fault;
        return reply.code(403).page((about) => <HiddenPage page={about} />);
      }
    },
  );
};

async function read(deps: Deps, customerId: string, orderId: string | undefined): Promise<View> {
  const { db, config } = deps;
  const { memberId, figures, ...tastes } = await customerSeen(db, customerId);
  const [names, states, entries, journey] = await Promise.all([
    namesOf(db, [`member:${memberId}`]),
    consentOf(db, { memberId }),
    customerHistory(deps, { customerId, memberId }, true),
    orderId === undefined ? undefined : journeyTo(deps, memberId, orderId),
  ]);
  const name = customerName(names, { memberId, customerId });
  return { customerId, name, figures, tastes, entries, journey, states, timeZone: config.timeZone };
}

async function journeyTo(deps: Deps, memberId: string, orderId: string): Promise<Step[] | 'unknown'> {
  try {
    const about = { orderId, days: JOURNEY_DAYS };
    return (await journeyOfMember(deps, memberId, 'analytics', about)).steps;
  } catch (fault) {
    if (fault instanceof AppError && fault.code === personsErrors.order_not_theirs.code) return 'unknown';
    throw fault;
  }
}

function CustomerPage({ page: about, view }: { page: Page; view: View }) {
  const { customerId, name, figures, tastes, entries, journey, states, timeZone } = view;
  const { format } = about;
  return (
    <DeskShell page={about} title={name}>
      <header class="desk-head">
        <h1>{name}</h1>
        <p>
          <a href="/desk/customers">{t('desk.customers')}</a>
        </p>
      </header>
      {figures.length === 0 && <p class="soft">{t('desk.customers.no_figures')}</p>}
      {figures.map((each) => (
        <FiguresPart key={each.currency} figures={each} format={format} />
      ))}
      <TastesPart tastes={tastes} />
      <Consents states={states} />
      {journey && <Journey page={about} journey={journey} timeZone={timeZone} />}
      <History entries={entries} format={format} timeZone={timeZone} customerId={customerId} />
    </DeskShell>
  );
}

interface JourneyProps {
  page: Page;
  journey: Step[] | 'unknown';
  timeZone: string;
}

/** What led to an order, in its order. */
function Journey({ page: { format }, journey, timeZone }: JourneyProps) {
  const steps = journey === 'unknown' ? [] : journey;
  return (
    <section class="panel" aria-labelledby="journey">
      <div class="panel-head">
        <h2 id="journey">{t('desk.customers.journey')}</h2>
      </div>
      {journey === 'unknown' && <p class="soft">{t('desk.customers.journey.unknown')}</p>}
      {journey !== 'unknown' && steps.length === 0 && (
        <p class="soft">{t('desk.customers.journey.none', { days: JOURNEY_DAYS })}</p>
      )}
      {steps.length > 0 && (
        <ol class="timeline">
          {steps.map(({ name, at, touchpoint }, index) => (
            <li key={`${index} ${name}`}>
              <time datetime={at.toISOString()}>{momentName(format, at, timeZone, { year: 'numeric' })}</time>
              <p>
                <strong>{name}</strong>
                <span class="soft"> {touchpointName(touchpoint)}</span>
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Consents({ states }: { states: View['states'] }) {
  return (
    <section class="panel" aria-labelledby="consents">
      <div class="panel-head">
        <h2 id="consents">{t('desk.customers.consents')}</h2>
      </div>
      <dl class="order-sums">
        {CONSENT_PURPOSES.map((purpose) => (
          <div key={purpose}>
            <dt>{titleOf(purpose)}</dt>
            <dd>{states[purpose] ? t('desk.customers.agreed') : t('desk.customers.not_agreed')}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function HiddenPage({ page: about }: { page: Page }) {
  return (
    <DeskShell page={about} title={t('desk.customers.hidden.title')}>
      <EmptyState level={1} title={t('desk.customers.hidden.title')} text={t('desk.customers.hidden.text')} />
    </DeskShell>
  );
}
