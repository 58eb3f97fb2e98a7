import type { ComponentChildren } from 'preact';
import { decimalsOf } from '#platform/money.ts';
import { type MetricName, metricOf, type SalesAnswer, type SalesRow } from '#modules/insight/index.ts';
import type { MarketRegion } from '../../read/market-regions.ts';
import { t } from '../messages.ts';
import { changeText, figureText, shortText, type Teller, valueOf } from './figures.tsx';
import { heatBounds, toneOf } from './heat.ts';
import { hrefOf, type View } from './market-query.ts';
import { type Box, type Outline, type WorldMap, worldMap } from './world-map.ts';

interface Props {
  view: View;
  answer: SalesAnswer;
  regions: ReadonlyMap<string, MarketRegion>;
  teller: Teller;
}

interface Area {
  row: SalesRow;
  name: string;
  outline: Outline | undefined;
  tone: number;
  /** What a pointer or a screen reader is told. */
  title: string;
  href: string;
}

export const landHref = ({ landHash }: WorldMap) => `/desk/world-${landHash}.svg`;

/** The world, each region in the tone of its figure; areas without an outline are listed beside it. */
export function MarketMap({ view, answer, regions, teller }: Props) {
  const map = worldMap();
  const unit = metricOf(view.metric).unit === 'money' ? 10 ** decimalsOf(view.currency) : 1;
  const worth = (row: SalesRow) => {
    const value = valueOf(row.figures, view.metric);
    return typeof value === 'number' ? value / unit : null;
  };
  const bounds = heatBounds(answer.rows.map((row) => worth(row) ?? 0));
  const areas = answer.rows.map((row): Area => {
    const region = regions.get(row.key);
    const name = region?.name ?? row.key;
    const told = toldOf(view.metric, row, teller);
    return {
      row,
      name,
      outline: region?.outlineId ? map.outlines.get(region.outlineId) : undefined,
      tone: toneOf(worth(row), bounds),
      title: `${name}: ${told}`,
      href: hrefOf(view, { region: row.key, by: 'day' }),
    };
  });
  const unplaced = areas.filter(({ outline, tone }) => !outline && tone !== 0);
  const label = t('desk.map.label', { metric: metricOf(view.metric).title });
  return (
    <figure class="map">
      <div class={showsEurope(areas, map) ? 'map-frames' : 'map-frames map-frames-one'}>
        <Frame map={map} box={map.world} label={label}>
          {inDrawingOrder(areas).map((area) => (
            <Region key={area.row.key} area={area} isChosen={area.row.key === view.region} />
          ))}
        </Frame>
        {showsEurope(areas, map) && (
          <Frame map={map} box={map.europe} label={t('desk.map.europe')}>
            {inDrawingOrder(areas.filter(({ outline }) => isWithin(outline, map.europe))).map((area) => (
              <RegionAgain key={area.row.key} area={area} />
            ))}
          </Frame>
        )}
      </div>
      <figcaption class="map-foot">
        <Legend
          bounds={bounds.map((bound) => shortText(teller, view.metric, bound * unit))}
          hasNegative={areas.some(({ tone }) => tone < 0)}
        />
        {unplaced.length > 0 && (
          <p class="map-unplaced">
            {t('desk.map.unplaced')}{' '}
            {unplaced.map(({ row, name, href, tone }) => (
              <a key={row.key} href={href}>
                <i class="swatch" data-tone={tone} aria-hidden="true" />
                {name}{' '}
                <span class="figures">
                  {figureText(teller, view.metric, valueOf(row.figures, view.metric))}
                </span>
              </a>
            ))}
          </p>
        )}
      </figcaption>
    </figure>
  );
}

/** A part of the map: quiet land below, regions above it. */
function Frame({
  map,
  box,
  label,
  children,
}: {
  map: WorldMap;
  box: Box;
  label: string;
  children: ComponentChildren;
}) {
  const size = `${share(map.width, box.width)} ${share(map.height, box.height)}`;
  const position = `${share(box.left, map.width - box.width)} ${share(box.top, map.height - box.height)}`;
  return (
    <div class="map-frame">
      <div
        class="map-land"
        style={`mask-image:url(${landHref(map)});mask-size:${size};mask-position:${position}`}
      />
      <svg viewBox={`${box.left} ${box.top} ${box.width} ${box.height}`} role="group" aria-label={label}>
        {children}
      </svg>
    </div>
  );
}

const share = (part: number, whole: number) =>
  `${whole === 0 ? 0 : Number(((part / whole) * 100).toFixed(3))}%`;

const isWithin = (outline: Outline | undefined, { left, top, width, height }: Box) =>
  outline !== undefined &&
  outline.centre[0] > left &&
  outline.centre[0] < left + width &&
  outline.centre[1] > top &&
  outline.centre[1] < top + height;

/** Worth the room where half of the regions are in it. */
const showsEurope = (areas: Area[], { europe }: WorldMap) =>
  areas.filter(({ outline }) => isWithin(outline, europe)).length * 2 >=
  areas.filter(({ outline }) => outline).length;

function toldOf(metric: MetricName, row: SalesRow, teller: Teller): string {
  const value = valueOf(row.figures, metric);
  const text = figureText(teller, metric, value);
  const change = changeText(teller.format, value, valueOf(row.before, metric));
  return change === '–' ? text : `${text} (${change})`;
}

/** Dots come last, so that no neighbour covers them. */
const inDrawingOrder = (areas: Area[]) => [
  ...areas.filter(({ outline }) => outline && !outline.isTiny),
  ...areas.filter(({ outline }) => outline?.isTiny),
];

function Region({ area, isChosen }: { area: Area; isChosen: boolean }) {
  const { outline, row, title, href, tone } = area;
  if (!outline) return null;
  const [x, y] = outline.centre;
  const id = shapeId(row);
  return (
    <a
      href={href}
      aria-label={title}
      class="map-region"
      data-tone={tone}
      data-chosen={isChosen ? '' : undefined}
    >
      <title>{title}</title>
      {outline.isTiny ? <circle id={id} cx={x} cy={y} r={13} /> : <path id={id} d={outline.path} />}
    </a>
  );
}

/** The same shape in another frame, for the pointer: the keyboard and screen readers have met it on the map. */
function RegionAgain({ area: { outline, row, title, href, tone } }: { area: Area }) {
  return (
    <a href={href} tabIndex={-1} aria-hidden="true" class="map-region" data-tone={tone}>
      <title>{title}</title>
      {outline?.isTiny ? (
        <circle cx={outline.centre[0]} cy={outline.centre[1]} r={5} />
      ) : (
        <use href={`#${shapeId(row)}`} />
      )}
    </a>
  );
}

const shapeId = ({ key }: SalesRow) => `shape-${key}`;

function Legend({ bounds, hasNegative }: { bounds: string[]; hasNegative: boolean }) {
  if (bounds.length === 0) return null;
  const first = bounds[0] ?? '';
  return (
    <ol class="legend" aria-label={t('desk.map.legend')}>
      {hasNegative && (
        <li>
          <i class="swatch" data-tone={-1} aria-hidden="true" />
          {t('desk.map.negative')}
        </li>
      )}
      <li>
        <i class="swatch" data-tone={1} aria-hidden="true" />
        {t('desk.map.under', { bound: first })}
      </li>
      {bounds.map((bound, index) => (
        <li key={bound}>
          <i class="swatch" data-tone={index + 2} aria-hidden="true" />
          {bounds[index + 1]
            ? t('desk.map.between', { from: bound, to: bounds[index + 1] ?? '' })
            : t('desk.map.over', { bound })}
        </li>
      ))}
    </ol>
  );
}
