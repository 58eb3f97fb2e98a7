import { type LedgerPart, metricDimensions, metricOf } from '#modules/insight/index.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select } from '../components/Field.tsx';
import { t } from '../messages.ts';
import { touchpointName } from './touchpoints.ts';
import { COLOURS, COMPARISONS, hrefOf, MAP_METRICS, PRESETS, type View } from './market-query.ts';

interface Props {
  view: View;
  parts: readonly LedgerPart[];
  regions: ReadonlyMap<string, MarketRegion>;
}

/** All filters stand in the address: a page can be kept, sent and opened again. */
export function MarketFilters({ view, parts, regions }: Props) {
  const part = view.part;
  return (
    <section class="filters" aria-label={t('desk.filters')}>
      <nav class="presets" aria-label={t('desk.filters.presets')}>
        {PRESETS.map((preset) => (
          <a
            key={preset}
            href={hrefOf(view, { period: preset })}
            aria-current={view.preset === preset ? 'true' : undefined}
          >
            {preset === 'all' ? t('desk.preset.all') : t('desk.preset.days', { days: preset })}
          </a>
        ))}
      </nav>
      <form action="/desk/market" class="filter-row">
        <Choices view={view} parts={parts} />
        <input type="hidden" name="by" value={view.by} />
        {view.region && <input type="hidden" name="region" value={view.region} />}
        <OtherDays view={view} />
        <Button look="plain">{t('desk.filters.show')}</Button>
        <details class="diagnosis" open={view.touchpoint !== undefined}>
          <summary>{t('desk.filters.diagnosis')}</summary>
          <Select
            name="touchpoint"
            label={t('desk.filters.touchpoint')}
            hint={t('desk.filters.touchpoint.hint')}
            value={view.touchpoint ?? ''}
            options={withAll(
              t('desk.filters.all_touchpoints'),
              part?.touchpoints ?? [],
              view.touchpoint,
              touchpointName,
            )}
          />
        </details>
      </form>
      <Chosen view={view} regions={regions} />
      <Unfit view={view} />
    </section>
  );
}

/** The period, what is shown of it, and beside what. */
function Choices({ view, parts }: Pick<Props, 'view' | 'parts'>) {
  return (
    <>
      <Field name="from" label={t('desk.filters.from')} type="date" value={view.period.from} />
      <Field name="to" label={t('desk.filters.to')} type="date" value={view.period.to} />
      <Select
        name="currency"
        label={t('desk.filters.currency')}
        value={view.currency}
        options={currencies(view, parts)}
      />
      <Select
        name="metric"
        label={t('desk.filters.metric')}
        value={view.metric}
        options={MAP_METRICS.map((name) => ({ value: name, label: metricOf(name).title }))}
      />
      <Select
        name="source"
        label={t('desk.filters.source')}
        value={view.source ?? ''}
        options={withAll(t('desk.filters.all_sources'), view.part?.sources ?? [], view.source)}
      />
      <Select
        name="colour"
        label={t('desk.market.colour')}
        value={view.colour}
        options={COLOURS.map((value) => ({ value, label: t(`desk.market.colour.${value}`) }))}
      />
      <Select
        name="compare"
        label={t('desk.market.compare')}
        value={view.compare}
        options={COMPARISONS.map((value) => ({ value, label: t(`desk.market.compare.${value}`) }))}
      />
    </>
  );
}

/** The days to compare with: folded away where another comparison is chosen. */
function OtherDays({ view: { compare, before } }: { view: View }) {
  return (
    <details class="diagnosis other-days" open={compare === 'dates'}>
      <summary>{t('desk.market.compare.dates')}</summary>
      <div class="other-days-fields">
        <Field name="before_from" label={t('desk.market.compare.from')} type="date" value={before?.from} />
        <Field name="before_to" label={t('desk.market.compare.to')} type="date" value={before?.to} />
      </div>
      <p class="hint">{t('desk.market.compare.hint')}</p>
    </details>
  );
}

/** What the chosen figure can't be narrowed by, though it was asked to be. */
function Unfit({ view }: { view: View }) {
  const fit = metricDimensions(view.metric);
  const unfit = (['source', 'touchpoint'] as const).filter((name) => view[name] && !fit.includes(name));
  return unfit.map((name) => (
    <p key={name} class="hint">
      {t('desk.market.unfit', {
        metric: metricOf(view.metric).title,
        by: t(`desk.market.unfit.${name}`),
      })}
    </p>
  ));
}

/** What narrows the figures, each with the way out of it. */
function Chosen({ view, regions }: Pick<Props, 'view' | 'regions'>) {
  const { region, source, touchpoint } = view;
  const chosen = [
    region && { text: regions.get(region)?.name ?? region, href: hrefOf(view, { region: '', by: 'region' }) },
    source && { text: t('desk.chosen.source', { source }), href: hrefOf(view, { source: '' }) },
    touchpoint && {
      text: t('desk.chosen.touchpoint', { touchpoint: touchpointName(touchpoint) }),
      href: hrefOf(view, { touchpoint: '' }),
    },
  ].filter((each) => each !== '' && each !== undefined);
  if (chosen.length === 0) return null;
  return (
    <p class="chosen">
      {t('desk.chosen')}{' '}
      {chosen.map(({ text, href }) => (
        <a key={text} href={href} aria-label={t('desk.chosen.remove', { text })}>
          {text} <span aria-hidden="true">×</span>
        </a>
      ))}
    </p>
  );
}

function currencies(view: View, parts: readonly LedgerPart[]) {
  const codes = parts.map(({ currency }) => currency);
  if (!codes.includes(view.currency)) codes.push(view.currency);
  return codes.map((code) => ({ value: code, label: code }));
}

function withAll(
  all: string,
  names: readonly string[],
  chosen: string | undefined,
  labelOf: (name: string) => string = (name) => name,
) {
  const known = chosen && !names.includes(chosen) ? [...names, chosen] : names;
  return [{ value: '', label: all }, ...known.map((name) => ({ value: name, label: labelOf(name) }))];
}
