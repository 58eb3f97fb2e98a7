import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  type Adjustment,
  adjustmentsSince,
  explain,
  type Explanation,
  type Finding,
  findingById,
  type FindingDay,
  type HistoryDay,
  historyOf,
  type Split,
} from '#modules/guidance/index.ts';
import { metricOf } from '#modules/insight/index.ts';
import { namesOf as peopleNamed } from '#modules/identity/index.ts';
import { locations } from '#modules/inventory/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { brandNames, categoryNames } from '#modules/catalog/index.ts';
import { productNames } from '#read/product-names.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { DriverTable, signed } from './driver-table.tsx';
import { dayName, dayTick, figureText, shortText, type Teller } from './figures.tsx';
import { AdjustmentList } from './guidance-adjustments.tsx';
import { type Names, namesFor, regionName, roundedText, worst } from './guidance-words.ts';
import { LineChart } from './line-chart.tsx';
import { DeskShell } from './shell.tsx';

interface View {
  finding: Finding & { days: FindingDay[] };
  history: HistoryDay[];
  explanation: Explanation;
  regions: Map<string, MarketRegion>;
  names: ReadonlyMap<string, string>;
  accepted: Accepted;
}

/** What was done since it began, and what that is called. */
interface Accepted {
  found: Adjustment[];
  names: Names;
  people: ReadonlyMap<string, string>;
  timeZone: string;
}

/** One finding: what the figure did beside what was to be expected of it, and what the change consists of. */
export const findingPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, clickhouse, config, now } = deps;
  app.get(
    '/desk/guidance/:id',
    page('staff', { params: Type.Object({ id: Id }) }),
    async ({ params: { id } }, reply) => {
      const finding = await findingById(reads, id);
      const clock = { now: now(), timeZone: config.timeZone };
      const [history, explanation, regions, found] = await Promise.all([
        historyOf(clickhouse, finding, clock),
        explain(clickhouse, finding, clock),
        marketRegions(reads),
        adjustmentsSince(reads, finding),
      ]);
      const accepted = {
        found,
        names: await namesFor({ db, reads }, { found }),
        people: await peopleNamed(
          reads,
          found.flatMap(({ decision }) => (decision ? [decision.actor] : [])),
        ),
        timeZone: config.timeZone,
      };
      const names = await namesOf(deps, explanation.splits, regions);
      const view: View = { finding, history, explanation, regions, names, accepted };
      return reply.page((about) => <FindingView page={about} view={view} />);
    },
  );
};

async function namesOf(
  { db, reads }: Pick<Deps, 'db' | 'reads'>,
  splits: readonly Split[],
  regions: ReadonlyMap<string, MarketRegion>,
): Promise<Map<string, string>> {
  const ids = splits.flatMap(({ by, drivers }) => (by === 'product' ? drivers.map(({ key }) => key) : []));
  const [products, places, categories, brands] = await Promise.all([
    productNames(
      reads,
      ids.filter((id) => /^[0-9a-f-]{36}$/.test(id)),
    ),
    locations(db),
    categoryNames(reads),
    brandNames(reads),
  ]);
  return new Map([
    ...brands,
    ...[...categories].map(([path, above]): [string, string] => [path, above.join(' › ')]),
    ...[...regions.values()].map(({ code, name }): [string, string] => [code, name]),
    ...places.map(({ id, name }): [string, string] => [id, name]),
    ...[...products].map(([id, { title }]): [string, string] => [id, title]),
  ]);
}

function FindingView({ page: about, view }: { page: Page; view: View }) {
  const { finding, history, regions } = view;
  const { metric, region, currency, fromDay, lastDay } = finding;
  const { format } = about;
  const teller = { format, currency };
  const name = t('desk.guidance.name', {
    metric: metricOf(metric).title,
    region: regionName({ regions }, region),
  });
  return (
    <DeskShell page={about} title={name}>
      <Breadcrumbs crumbs={[{ name: t('desk.guidance'), href: '/desk/guidance' }, { name }]} />
      <header class="desk-head">
        <h1>{name}</h1>
        <p>{summaryOf(finding, teller)}</p>
        <p class="soft">{t(`desk.guidance.told.${finding.state}`)}</p>
      </header>
      <section class="panel" aria-labelledby="history">
        <h2 id="history">{t('desk.guidance.history')}</h2>
        <p class="hint">{t('desk.guidance.history.band')}</p>
        <FindingLine finding={finding} history={history} name={name} teller={teller} />
      </section>
      <Change view={view} teller={teller} />
      {view.accepted.found.length > 0 && (
        <section aria-labelledby="done">
          <h2 id="done">{t('desk.guidance.done')}</h2>
          <AdjustmentList {...view.accepted} format={format} mayDecide={false} />
        </section>
      )}
      <p class="guidance-further">
        <ButtonLink look="plain" href={marketHref({ metric, region, currency, fromDay, lastDay })}>
          {t('desk.guidance.on_map')}
        </ButtonLink>
      </p>
    </DeskShell>
  );
}

const marketHref = ({
  metric,
  region,
  currency,
  fromDay,
  lastDay,
}: Pick<Finding, 'metric' | 'region' | 'currency' | 'fromDay' | 'lastDay'>) =>
  `/desk/market?${new URLSearchParams({
    from: fromDay,
    to: lastDay,
    currency,
    metric,
    ...(region && { region }),
  }).toString()}`;

/** Of the day that is the least likely to be chance: what it came to, and what was expected. */
function summaryOf(finding: View['finding'], teller: Teller): string {
  const day = worst(finding);
  if (!day) return t('desk.guidance.withdrawn_days');
  const told = (value: number) => roundedText(teller, finding.metric, value);
  return t(day.span === 7 ? 'desk.guidance.summary.7' : 'desk.guidance.summary.1', {
    day: dayName(teller.format, day.day),
    observed: told(day.observed),
    expected: told(day.expected),
    low: told(day.low),
    high: told(day.high),
  });
}

function FindingLine({
  finding: { metric, fromDay, lastDay },
  history,
  name,
  teller,
}: {
  finding: View['finding'];
  history: readonly HistoryDay[];
  name: string;
  teller: Teller;
}) {
  const { format } = teller;
  const points = history.map(({ day, value, expected, low, high }) => ({
    day,
    value,
    before: expected,
    low,
    high,
    title:
      expected === undefined
        ? `${dayName(format, day)}: ${figureText(teller, metric, value)}`
        : t('desk.guidance.point', {
            day: dayName(format, day),
            value: figureText(teller, metric, value),
            expected: roundedText(teller, metric, expected),
          }),
  }));
  return (
    <LineChart
      label={t('desk.guidance.history.label', {
        name,
        from: dayName(format, fromDay),
        to: dayName(format, lastDay),
      })}
      points={points}
      names={{ value: t('desk.guidance.observed'), before: t('desk.guidance.expected') }}
      tick={(value) => shortText(teller, metric, value)}
      dayTick={(day) => dayTick(format, day, false)}
    />
  );
}

/** Beside the same weekdays of the weeks before: its parts, and by whom or what. */
function Change({ view: { finding, explanation, names }, teller }: { view: View; teller: Teller }) {
  const { metric } = finding;
  const { period, before, value, parts, partsBy, splits } = explanation;
  const text = (of: number | null) => figureText(teller, metric, of);
  const day = (of: string) => dayName(teller.format, of);
  return (
    <section class="panel market-panel" aria-labelledby="change">
      <h2 id="change">{t('desk.guidance.change')}</h2>
      <p>
        {t('desk.guidance.change.text', {
          now: text(value.now),
          from: day(period.from),
          to: day(period.to),
          before: text(value.before),
          beforeFrom: day(before.from),
          beforeTo: day(before.to),
        })}
      </p>
      {parts.length > 0 && (
        <dl class="guidance-parts">
          {parts.map(({ name, change }) => (
            <div key={name}>
              <dt>{t(`desk.guidance.part.${name}`)}</dt>
              <dd class="figures">{signed(change, (of) => roundedText(teller, metric, of))}</dd>
            </div>
          ))}
        </dl>
      )}
      {partsBy && <p class="hint">{t(`desk.guidance.parts_by.${partsBy}`)}</p>}
      {splits.map(({ by, drivers, rest }) => (
        <DriverTable
          key={by}
          metric={metric}
          drivers={{
            by,
            title: t(`desk.guidance.by.${by}`),
            rows: [...drivers, ...(rest.count > 0 ? [{ ...rest, key: '', isRest: true as const }] : [])],
          }}
          names={names}
          teller={teller}
          isChangeAlone={metricOf(metric).kind === 'ratio'}
        />
      ))}
    </section>
  );
}
