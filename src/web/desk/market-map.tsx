import type { ComponentChildren } from 'preact';
import { metricOf, type SalesAnswer, type SalesRow } from '#modules/insight/index.ts';
import type { Location } from '#modules/inventory/index.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { t } from '../messages.ts';
import { figureText, type Teller, valueOf } from './figures.tsx';
import type { Scale, Tone } from './heat.ts';
import { fillOf, Legend, NoFigure, toldOf, toneOfRow } from './market-areas.tsx';
import { hrefOf, type View } from './market-query.ts';
import { type Box, type Outline, type WorldMap, worldMap } from './world-map.ts';

interface Props {
  view: View;
  answer: SalesAnswer;
  scale: Scale;
  regions: ReadonlyMap<string, MarketRegion>;
  places: readonly Location[];
  teller: Teller;
}

interface Area {
  row: SalesRow;
  name: string;
  outline: Outline | undefined;
  tone: Tone;
  /** What a pointer or a screen reader is told. */
  title: string;
  href: string;
}

export const landHref = ({ landHash }: WorldMap) => `/desk/world-${landHash}.svg`;

/** The world, each region in the tone of its figure; areas without an outline are listed beside it. */
export function MarketMap({ view, answer, scale, regions, places, teller }: Props) {
  const map = worldMap();
  const areas = answer.rows.map((row): Area => {
    const region = regions.get(row.key);
    const name = region?.name ?? row.key;
    return {
      row,
      name,
      outline: region?.outlineId ? map.outlines.get(region.outlineId) : undefined,
      tone: toneOfRow(view, scale, row),
      title: toldOf(view, name, row, teller),
      href: hrefOf(view, { region: row.key }),
    };
  });
  const unplaced = areas.filter(({ outline, tone }) => !outline && tone !== '0');
  const stores = places.filter(({ kind }) => kind === 'store');
  const hasEurope = showsEurope(areas, map);
  return (
    <figure class="map">
      <div class={hasEurope ? 'map-frames' : 'map-frames map-frames-one'}>
        <Frame map={map} box={map.world} label={t('desk.map.label', { metric: metricOf(view.metric).title })}>
          <NoFigure />
          {inDrawingOrder(areas).map((area) => (
            <Region key={area.row.key} area={area} isChosen={area.row.key === view.region} />
          ))}
          <Stores map={map} places={stores} size={7} />
        </Frame>
        {hasEurope && (
          <Frame map={map} box={map.europe} label={t('desk.map.europe')}>
            {inDrawingOrder(areas.filter(({ outline }) => isWithin(outline, map.europe))).map((area) => (
              <RegionAgain key={area.row.key} area={area} />
            ))}
            <Stores map={map} places={stores} size={2.6} />
          </Frame>
        )}
      </div>
      <figcaption class="map-foot">
        <Legend view={view} scale={scale} teller={teller} tones={areas.map(({ tone }) => tone)} />
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

/** Where the stores are: points beside the tones, which tell of buyers. */
function Stores({ map, places, size }: { map: WorldMap; places: readonly Location[]; size: number }) {
  return (
    <g class="map-stores" aria-hidden="true">
      {places.map(({ id, name, longitude, latitude }) => {
        const [x, y] = map.project([longitude, latitude]);
        return (
          <circle key={id} cx={x} cy={y} r={size}>
            <title>{name}</title>
          </circle>
        );
      })}
    </g>
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
      {outline.isTiny ? (
        <circle id={id} cx={x} cy={y} r={13} fill={fillOf(tone)} />
      ) : (
        <path id={id} d={outline.path} fill={fillOf(tone)} />
      )}
    </a>
  );
}

/** The same shape in another frame, for the pointer: the keyboard and screen readers have met it on the map. */
function RegionAgain({ area: { outline, row, title, href, tone } }: { area: Area }) {
  return (
    <a href={href} tabIndex={-1} aria-hidden="true" class="map-region" data-tone={tone}>
      <title>{title}</title>
      {outline?.isTiny ? (
        <circle cx={outline.centre[0]} cy={outline.centre[1]} r={5} fill={fillOf(tone)} />
      ) : (
        <use href={`#${shapeId(row)}`} />
      )}
    </a>
  );
}

const shapeId = ({ key }: SalesRow) => `shape-${key}`;
