import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import sharp from 'sharp';
import { metricOf } from '#modules/insight/index.ts';
import { knowFont } from '#platform/own-font.ts';
import type { Format } from '../format.ts';
import { figureText, type Teller, valueOf } from './figures.tsx';
import type { Scale, Tone } from './heat.ts';
import { legendOf, mapTitle, toneOfRow, zoomTitle } from './market-areas.tsx';
import type { Market } from './market-read.ts';
import type { View } from './market-query.ts';
import { tonesOf as tonesOfZoom } from './market-zoom.tsx';
import type { Zoom } from './market-zoom-read.ts';
import { worldMap } from './world-map.ts';

/** The light page's colours, as the style sheet has them: a picture outlives the page and is put on paper. */
export const PAPER: Readonly<Record<Tone | 'ground' | 'ink' | 'soft' | 'land', string>> = {
  ground: '#f7f3eb',
  ink: '#1f1a14',
  soft: '#6b6255',
  land: '#e6dfd2',
  '-1': '#1f5f7a',
  '0': '#e6dfd2',
  '1': '#f0dca8',
  '2': '#dfae55',
  '3': '#cc7a3a',
  '4': '#a8402a',
  '5': '#6b1a30',
  null: 'url(#no-figure)',
  'fall-2': '#1f5f7a',
  'fall-1': '#8fb9c9',
  flat: '#ecd9a4',
  'rise-1': '#dfa070',
  'rise-2': '#a8402a',
};

const WIDTH = 1600;
const MARGIN = 60;
const HEAD = 150;
const FOOT = 110;
/** How wide a letter of the legend is, a little more than on average. */
const LETTER = 9.5;

interface Told {
  market: Market;
  format: Format;
  /** "6 May to 2 Jun 2026, compared with …" */
  period: string;
}

/** The map that is shown, as a picture with its title, its period and its legend. */
export async function marketPng(told: Told): Promise<Buffer> {
  await knowFont();
  return sharp(Buffer.from(marketSvg(told)))
    .png()
    .toBuffer();
}

export function marketSvg({ market, format, period }: Told): string {
  const { view, zoom, byRegion, byDay } = market;
  const teller: Teller = { format, currency: view.currency };
  const scale = zoom ? market.zoomScale : market.scale;
  const inner = WIDTH - 2 * MARGIN;
  const drawn = zoom ? zoomOf(zoom, view, scale, inner) : worldOf(market, inner);
  const height = HEAD + drawn.height + FOOT;
  const total = figureText(teller, view.metric, valueOf(byDay.total.figures, view.metric));
  const title = zoom ? zoomTitle(view, zoom.country.name) : mapTitle(view);
  const legend = legendOf(view, scale, teller, zoom ? drawn.tones : tonesOf(byRegion.rows, view, scale));
  let right = MARGIN;
  const entries = legend.map((entry) => {
    const left = right;
    right += 44 + entry.text.length * LETTER + 30;
    return { ...entry, left };
  });
  return renderToString(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={WIDTH}
      height={Math.round(height)}
      viewBox={`0 0 ${WIDTH} ${Math.round(height)}`}
      font-family="Fraunces, serif"
    >
      <defs>
        <pattern
          id="no-figure"
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="8" height="8" fill={PAPER.land} />
          <rect width="2" height="8" fill={PAPER.soft} />
        </pattern>
        <clipPath id="frame">
          <rect x={MARGIN} y={HEAD} width={inner} height={drawn.height} />
        </clipPath>
      </defs>
      <rect width={WIDTH} height={Math.round(height)} fill={PAPER.ground} />
      <text x={MARGIN} y={78} font-size={40} fill={PAPER.ink}>
        {title}
      </text>
      <text x={MARGIN} y={116} font-size={20} fill={PAPER.soft}>
        {`${metricOf(view.metric).title} ${total} · ${period}`}
      </text>
      <g clip-path="url(#frame)">{drawn.picture}</g>
      {entries.map(({ tone, text, left }) => (
        <g key={tone} transform={`translate(${left} ${HEAD + drawn.height + 50})`}>
          <rect width={34} height={18} rx={2} fill={PAPER[tone]} stroke={PAPER.soft} stroke-width={0.5} />
          <text x={44} y={16} font-size={18} fill={PAPER.ink}>
            {text}
          </text>
        </g>
      ))}
    </svg>,
  );
}

interface Drawn {
  height: number;
  picture: ComponentChildren;
  tones: Tone[];
}

const tonesOf = (rows: Market['byRegion']['rows'], view: View, scale: Scale) =>
  rows.map((row) => toneOfRow(view, scale, row));

function worldOf({ view, scale, regions, byRegion, places }: Market, inner: number): Drawn {
  const map = worldMap();
  const factor = inner / map.world.width;
  const land = /d="([^"]*)"/.exec(map.landSvg)?.[1] ?? '';
  const line = { stroke: PAPER.ground, 'stroke-width': 1 / factor };
  return {
    height: map.world.height * factor,
    tones: tonesOf(byRegion.rows, view, scale),
    picture: (
      <g
        transform={`translate(${MARGIN} ${HEAD}) scale(${factor.toFixed(5)}) translate(${-map.world.left} ${-map.world.top})`}
      >
        <path d={land} fill={PAPER.land} {...line} />
        {byRegion.rows.map((row) => {
          const outline = map.outlines.get(regions.get(row.key)?.outlineId ?? '');
          if (!outline) return null;
          const fill = PAPER[toneOfRow(view, scale, row)];
          const [x, y] = outline.centre;
          return outline.isTiny ? (
            <circle key={row.key} cx={x} cy={y} r={13} fill={fill} {...line} />
          ) : (
            <path key={row.key} d={outline.path} fill={fill} {...line} />
          );
        })}
        {places
          .filter(({ kind }) => kind === 'store')
          .map(({ id, longitude, latitude }) => {
            const [x, y] = map.project([longitude, latitude]);
            return <circle key={id} cx={x} cy={y} r={6} fill={PAPER.ink} {...line} />;
          })}
      </g>
    ),
  };
}

function zoomOf(zoom: Zoom, view: View, scale: Scale, inner: number): Drawn {
  const { map, areas, stores, territories } = zoom;
  const factor = inner / map.width;
  const line = { stroke: PAPER.ground, 'stroke-width': 1 };
  const tones = tonesOfZoom(zoom, view, scale);
  const [ofCountry = '0', ...ofAreas] = tones;
  return {
    height: map.height * factor,
    tones,
    picture: (
      <g transform={`translate(${MARGIN} ${HEAD}) scale(${factor.toFixed(5)})`}>
        <path d={map.around} fill={PAPER.land} opacity={0.5} {...line} />
        <path d={map.country} fill={PAPER[ofCountry]} {...line} />
        {areas.map(({ code, path }, index) => (
          <path key={code} d={path} fill={PAPER[ofAreas[index] ?? '0']} {...line} />
        ))}
        {territories.map(({ code, border, holders }) => (
          <g key={code} fill="none" stroke={PAPER.ink}>
            <path d={border} stroke-dasharray="5 4" />
            {holders.map(({ name, line: spoke, weight }) => (
              <path key={name} d={spoke} stroke-width={1 + 2.5 * weight} />
            ))}
          </g>
        ))}
        {stores.map(({ code, name, x, y }) => (
          <g key={code} fill={PAPER.ink}>
            <circle cx={x} cy={y} r={5.5} {...line} />
            <text
              x={x > map.width * 0.72 ? x - 10 : x + 10}
              y={y + 5}
              font-size={15}
              text-anchor={x > map.width * 0.72 ? 'end' : 'start'}
              stroke={PAPER.ground}
              stroke-width={4}
              stroke-linejoin="round"
              paint-order="stroke"
            >
              {name}
            </text>
          </g>
        ))}
      </g>
    ),
  };
}
