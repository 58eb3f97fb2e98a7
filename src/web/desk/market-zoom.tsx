import { t } from '../messages.ts';
import { figureText, type Teller, valueOf } from './figures.tsx';
import type { Scale, Tone } from './heat.ts';
import { fillOf, Legend, NoFigure, toldOf, toneOfRow } from './market-areas.tsx';
import { hrefOf, type View } from './market-query.ts';
import type { Zoom, ZoomArea, ZoomTerritory } from './market-zoom-read.ts';

interface Props {
  view: View;
  zoom: Zoom;
  scale: Scale;
  teller: Teller;
}

/** One country: its areas by their cells, its stores as points, and whose each part is. */
export function MarketZoom({ view, zoom, scale, teller }: Props) {
  const { map, country, areas, unplaced, stores, territories } = zoom;
  const nameOf = (name: string, hasAreas: boolean) =>
    hasAreas ? t('desk.market.zoom.elsewhere', { region: name }) : name;
  const isDivided = areas.length + unplaced.length > 0;
  const tones = tonesOf(zoom, view, scale);
  const [ofCountry = '0', ...ofAreas] = tones;
  return (
    <figure class="map map-zoom">
      <svg
        viewBox={`0 0 ${map.width} ${map.height}`}
        role="group"
        aria-label={t('desk.market.zoom.label', { region: country.name })}
      >
        <NoFigure />
        <path class="map-around" d={map.around} />
        <path class="map-under" d={map.country} />
        <Part
          href={hrefOf(view, { region: country.code })}
          title={toldOf(view, country.name, country.whole, teller)}
          tone={ofCountry}
          path={map.country}
          isChosen={view.region === country.code}
        />
        {areas.map((area, index) => (
          <Part
            key={area.code}
            href={hrefOf(view, { region: area.code })}
            title={toldOf(view, nameOf(area.name, area.hasAreas), area.row, teller)}
            tone={ofAreas[index] ?? '0'}
            path={area.path}
            isChosen={view.region === area.code}
          />
        ))}
        <g class="map-territories" aria-hidden="true">
          {territories.map((territory) => (
            <Territory key={territory.code} territory={territory} teller={teller} />
          ))}
        </g>
        <g class="map-stores" aria-hidden="true">
          {stores.map(({ code, name, x, y }) => (
            <g key={code}>
              <circle cx={x} cy={y} r={5.5} />
              <text
                x={x > map.width * 0.72 ? x - 10 : x + 10}
                y={y + 5}
                text-anchor={x > map.width * 0.72 ? 'end' : 'start'}
              >
                {name}
              </text>
            </g>
          ))}
        </g>
      </svg>
      <figcaption class="map-foot">
        <Legend view={view} scale={scale} teller={teller} tones={tones} />
        <Unplaced view={view} zoom={zoom} scale={scale} teller={teller} />
        <Territories territories={territories} teller={teller} />
        <p class="soft">{noteOf(isDivided, areas, country.name)}</p>
      </figcaption>
    </figure>
  );
}

/** Of the country, then of its areas. One that is divided has no tone: it would be that of what lies elsewhere in it. */
export function tonesOf({ country, areas, unplaced }: Zoom, view: View, scale: Scale): Tone[] {
  const isDivided = areas.length + unplaced.length > 0;
  const ofCountry = isDivided ? '0' : toneOfRow(view, scale, country.whole);
  return [ofCountry, ...areas.map(({ row }) => toneOfRow(view, scale, row))];
}

interface PartProps {
  href: string;
  title: string;
  tone: Tone;
  path: string;
  isChosen: boolean;
}

function Part({ href, title, tone, path, isChosen }: PartProps) {
  return (
    <a
      href={href}
      aria-label={title}
      aria-current={isChosen ? 'true' : undefined}
      class="map-region"
      data-tone={tone}
      data-chosen={isChosen ? '' : undefined}
    >
      <title>{title}</title>
      <path d={path} fill={fillOf(tone)} />
    </a>
  );
}

function Territory({ territory, teller }: { territory: ZoomTerritory; teller: Teller }) {
  const { border, holders } = territory;
  return (
    <g>
      <title>{territoryText(territory, teller)}</title>
      {border && <path class="map-border" d={border} />}
      {holders.map(
        ({ name, line, weight }) =>
          line && <path key={name} class="map-spoke" d={line} style={`stroke-width:${1 + 2.5 * weight}px`} />,
      )}
    </g>
  );
}

function territoryText({ name, holders }: ZoomTerritory, { format }: Teller): string {
  const stores = holders.map((holder) =>
    t('desk.market.zoom.share', { store: holder.name, share: format.percent(holder.weight) }),
  );
  return t('desk.market.zoom.territory', { region: name, stores: format.list(stores) });
}

/** What the picture draws, for who can't see it, and for who wants it exactly. */
function Territories({ territories, teller }: { territories: readonly ZoomTerritory[]; teller: Teller }) {
  if (territories.length === 0) return null;
  return (
    <ul class="map-territory-list" aria-label={t('desk.market.zoom.stores')}>
      {territories.map((territory) => (
        <li key={territory.code}>{territoryText(territory, teller)}</li>
      ))}
    </ul>
  );
}

/** What has no place of its own on the map, what lies outside of all areas among it. */
function Unplaced({ view, zoom: { country, unplaced }, scale, teller }: Props) {
  const { code, elsewhere: row } = country;
  const rest = row ? [{ code, name: t('desk.market.zoom.elsewhere', { region: country.name }), row }] : [];
  const all = [...unplaced, ...rest];
  if (all.length === 0) return null;
  return (
    <p class="map-unplaced">
      {t('desk.map.unplaced')}{' '}
      {all.map((each) => (
        <a key={each.code} href={hrefOf(view, { region: each.code })}>
          <i class="swatch" data-tone={toneOfRow(view, scale, each.row)} aria-hidden="true" />
          {each.name}{' '}
          <span class="figures">
            {figureText(teller, view.metric, valueOf(each.row?.figures, view.metric))}
          </span>
        </a>
      ))}
    </p>
  );
}

/** How fine the picture is, and why no finer. */
function noteOf(isDivided: boolean, areas: readonly ZoomArea[], country: string) {
  if (!isDivided) {
    const [before = '', after = ''] = t('desk.market.zoom.none', { country, link: '\n' }).split('\n');
    return (
      <>
        {before}
        <a href="/desk/regions">{t('desk.market.zoom.none.link')}</a>
        {after}
      </>
    );
  }
  const hasMiddles = areas.some(({ isMiddle }) => isMiddle);
  return hasMiddles
    ? `${t('desk.market.zoom.cells')} ${t('desk.market.zoom.middles')}`
    : t('desk.market.zoom.cells');
}
