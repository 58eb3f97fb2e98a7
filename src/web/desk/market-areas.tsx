import type { ComponentChildren } from 'preact';
import { metricOf, type SalesRow } from '#modules/insight/index.ts';
import { t } from '../messages.ts';
import { changeText, figureText, shortText, type Teller, valueOf } from './figures.tsx';
import { CHANGE_TONES, type Scale, shareOfChange, type Tone } from './heat.ts';
import type { View } from './market-query.ts';

/** The tone of a row: of its figure, or of its change. Where nothing was counted there is land. */
export function toneOfRow(view: View, scale: Scale, row: SalesRow | undefined): Tone {
  if (!row) return '0';
  const value = valueOf(row.figures, view.metric);
  return scale.toneOf(
    scale.kind === 'change' ? shareOfChange(value, valueOf(row.before, view.metric)) : value,
  );
}

/** "Netherlands: €20.00 (+5%)": what a pointer or a screen reader is told. */
export function toldOf(view: View, name: string, row: SalesRow | undefined, teller: Teller): string {
  const value = valueOf(row?.figures, view.metric);
  const change = changeText(teller.format, value, valueOf(row?.before, view.metric));
  const text = `${name}: ${figureText(teller, view.metric, value)}`;
  return change === '–' ? text : `${text} (${change})`;
}

export const mapTitle = ({ metric, colour }: View): string =>
  t(colour === 'change' ? 'desk.market.map.change' : 'desk.map', { metric: metricOf(metric).title });

export const zoomTitle = ({ metric, colour }: View, region: string): string =>
  t(colour === 'change' ? 'desk.market.zoom.change' : 'desk.market.zoom', {
    metric: metricOf(metric).title,
    region,
  });

/** Stripes for what has no figure: neither little nor much. */
export const NoFigure = () => (
  <defs>
    <pattern
      id="no-figure"
      width="12"
      height="12"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect class="no-figure-ground" width="12" height="12" />
      <rect class="no-figure-line" width="3" height="12" />
    </pattern>
  </defs>
);
export const fillOf = (tone: Tone): string | undefined => (tone === 'null' ? 'url(#no-figure)' : undefined);

interface LegendProps {
  view: View;
  scale: Scale;
  teller: Teller;
  tones: readonly Tone[];
}

/** The tones with their bounds, and the special ones that the map has. */
export function Legend({ view, scale, teller, tones }: LegendProps) {
  const entries = [...legendOf(view, scale, teller, tones)];
  if (entries.length === 0) return null;
  return (
    <ol class="legend" aria-label={t('desk.map.legend')}>
      {entries.map(({ tone, text }) => (
        <Entry key={tone} tone={tone}>
          {text}
        </Entry>
      ))}
    </ol>
  );
}

const Entry = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <li>
    <i class="swatch" data-tone={tone} aria-hidden="true" />
    {children}
  </li>
);

/** What each tone says, in order. */
export function legendOf(
  { metric }: View,
  { kind, bounds }: Scale,
  teller: Teller,
  tones: readonly Tone[],
): { tone: Tone; text: string }[] {
  const special = tones.includes('null') ? [{ tone: 'null' as const, text: t('desk.market.tone.null') }] : [];
  if (kind === 'change')
    return [...CHANGE_TONES.map((tone) => ({ tone, text: t(`desk.market.tone.${tone}`) })), ...special];
  const texts = bounds.map((bound) => shortText(teller, metric, bound));
  const [first] = texts;
  if (first === undefined) return special;
  const between = texts.map((from, index) => {
    const to = texts[index + 1];
    return to === undefined ? t('desk.map.over', { bound: from }) : t('desk.map.between', { from, to });
  });
  return [
    ...(tones.includes('-1') ? [{ tone: '-1' as const, text: t('desk.map.negative') }] : []),
    ...[t('desk.map.under', { bound: first }), ...between].map((text, index) => ({
      tone: String(index + 1) as Tone,
      text,
    })),
    ...special,
  ];
}
