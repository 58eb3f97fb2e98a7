import { type Figures, type MetricName, metricOf } from '#modules/insight/index.ts';
import { decimalsOf } from '#platform/money.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

/** A dash for a figure that is not there: a day not begun, a ratio over nothing. */
const NOTHING = '–';

export interface Teller {
  format: Format;
  currency: string;
}

export function figureText(
  { format, currency }: Teller,
  name: MetricName,
  value: number | null | undefined,
): string {
  if (value === null || value === undefined) return NOTHING;
  // A zero has no sign.
  const shown = value === 0 ? 0 : value;
  const { unit } = metricOf(name);
  if (unit === 'money') return format.money(shown, currency);
  return unit === 'share' ? format.percent(shown) : format.number(shown);
}

/** Short enough for an axis or a legend: "£1.2M". */
export function shortText({ format, currency }: Teller, name: MetricName, value: number): string {
  const compact = { notation: 'compact', maximumFractionDigits: 1 } as const;
  const { unit } = metricOf(name);
  if (unit === 'share') return format.percent(value);
  if (unit !== 'money') return new Intl.NumberFormat(format.locale, compact).format(value);
  const major = value / 10 ** decimalsOf(currency);
  return new Intl.NumberFormat(format.locale, {
    ...compact,
    style: 'currency',
    currency,
    minimumFractionDigits: 0,
  }).format(major);
}

export const valueOf = (figures: Figures | undefined, name: MetricName) => figures?.[name]?.value;

/** "Wed, 1 Dec 2010": short, and with its year, for rows and titles. */
export function dayName({ locale }: Format, day: string): string {
  return dateFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(day),
  );
}

/** "1 Dec", with a year where the axis spans several. */
export function dayTick({ locale }: Format, day: string, withYear: boolean): string {
  return dateFormat(locale, { day: 'numeric', month: 'short', ...(withYear && { year: '2-digit' }) }).format(
    new Date(day),
  );
}

/** "22 Nov, 21:00" */
export function momentName(
  { locale }: Format,
  moment: Date,
  timeZone: string,
  more: Intl.DateTimeFormatOptions = {},
): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return dateFormat(locale, { ...parts, ...more, timeZone }).format(moment);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const made = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  dateFormats.set(key, made);
  return made;
}

/** Whether there is anything in a period to compare with. */
export const hasFigures = (figures: Figures | undefined) =>
  Object.values(figures ?? {}).some(({ value }) => value !== null && value !== 0);

/** How much more or less than before: "+12.4%". Nothing to compare with says nothing. */
export function changeText(
  format: Format,
  value: number | null | undefined,
  before: number | null | undefined,
): string {
  if (typeof value !== 'number' || typeof before !== 'number' || before <= 0) return NOTHING;
  const share = (value - before) / before;
  const text = format.percent(Math.abs(share));
  if (text === format.percent(0)) return text;
  return share > 0 ? `+${text}` : `−${text}`;
}

/** What a figure means, beside it. One of them is open at a time. */
export function Definition({ metric }: { metric: MetricName }) {
  const { title, definition, formula } = metricOf(metric);
  return (
    <details class="definition" name="definition">
      <summary aria-label={t('desk.definition', { title })}>
        <span aria-hidden="true">?</span>
      </summary>
      <div class="definition-text">
        <strong>{title}</strong>
        <p>{definition}</p>
        <p class="formula">{formula}</p>
      </div>
    </details>
  );
}

interface TileProps {
  teller: Teller;
  metric: MetricName;
  figures: Figures;
  before: Figures | undefined;
  /** Shows the page by this metric. */
  href?: string;
  isCurrent?: boolean;
}

/** A key figure with the one before it and its definition. */
export function FigureTile({ teller, metric, figures, before, href, isCurrent }: TileProps) {
  const { title } = metricOf(metric);
  const value = valueOf(figures, metric);
  const earlier = valueOf(before, metric);
  return (
    <li class="tile-figure" data-current={isCurrent ? '' : undefined}>
      <div class="tile-head">
        {href ? (
          <a href={href} aria-current={isCurrent ? 'true' : undefined}>
            {title}
          </a>
        ) : (
          <span>{title}</span>
        )}
        <Definition metric={metric} />
      </div>
      <p class="tile-value">{figureText(teller, metric, value)}</p>
      {hasFigures(before) && (
        <p class="tile-before">
          <span class="tile-change">{changeText(teller.format, value, earlier)}</span>{' '}
          {t('desk.from_before', { value: figureText(teller, metric, earlier) })}
        </p>
      )}
    </li>
  );
}
