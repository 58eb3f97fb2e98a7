import { Value } from 'typebox/value';
import { type AreaPlan, Outline } from '#modules/market/index.ts';
import type { AppError } from '#platform/errors.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { t } from '../messages.ts';

export const PLANS = ['postcodes', 'cells', 'outline'] as const;

/** What is wrong with the form, beside the field that it is about. */
export interface AreaFault {
  status: number;
  field: 'parent' | 'code' | 'name' | 'parts' | 'middle';
  text: string;
}

const inParts = (text: string): AreaFault => ({ status: 422, field: 'parts', text });

/** What an area is to be made of, from what was typed or pasted. */
export function planOf({ by, parts: text, middle }: TypedParts): AreaPlan | AreaFault {
  if (by === 'outline') return outlineOf(text);
  const list = text
    .split(/[\n,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (list.length === 0) return inParts(t('desk.regions.fault.parts'));
  if (by === 'cells') return { by, cells: list };
  if (middle.trim() === '') return { by, postcodes: list };
  const [, latitude, longitude] = POINT.exec(middle.trim()) ?? [];
  const at = { latitude: Number(latitude), longitude: Number(longitude) };
  const isPlace = Math.abs(at.latitude) <= 90 && Math.abs(at.longitude) <= 180;
  if (!isPlace) return { status: 422, field: 'middle', text: t('desk.regions.fault.middle') };
  return { by, postcodes: list, middle: at };
}

interface TypedParts {
  by: (typeof PLANS)[number];
  parts: string;
  middle: string;
}

const POINT = /^(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$/;

/** Points as they stand in a list, latitude first, one a line: an outline that ends where it begins. */
function ringOf(text: string): [number, number][] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const ring = lines.filter(Boolean).flatMap((line): [number, number][] => {
    const [, latitude, longitude] = POINT.exec(line) ?? [];
    return latitude && longitude ? [[Number(longitude), Number(latitude)]] : [];
  });
  const [first] = ring;
  return first && ring.length === lines.filter(Boolean).length ? [...ring, first] : undefined;
}

/** A list of points, or whatever a map program saves: a geometry, a feature, the only feature of a collection. */
function outlineOf(text: string): AreaPlan | AreaFault {
  const ring = ringOf(text);
  if (ring) return { by: 'outline', outline: { type: 'Polygon', coordinates: [ring] } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return inParts(t('desk.regions.fault.outline', { reason: 'it is no JSON' }));
  }
  for (const key of ['features', '0', 'geometry'] as const) {
    if (typeof value === 'object' && value !== null && key in value) value = Reflect.get(value, key);
  }
  if (Value.Check(Outline, value)) return { by: 'outline', outline: value };
  return inParts(t('desk.regions.fault.outline', { reason: 'it has no polygon' }));
}

/** A refusal that its sender can mend, in words. */
export function areaFaultOf(
  { code, status, data }: AppError,
  regions: ReadonlyMap<string, MarketRegion>,
): AreaFault | undefined {
  const facts = data as Record<string, string>;
  const nameOf = (key: string) => regions.get(facts[key] ?? '')?.name ?? facts[key] ?? '';
  const [part, typed, cell] = [facts['part'] ?? '', facts['typed'] ?? '', facts['cell'] ?? ''];
  const parts = (text: string): AreaFault => ({ status, field: 'parts', text });
  switch (code) {
    case 'market.region_code_unfit':
      return { status, field: 'code', text: t('desk.regions.fault.code') };
    case 'market.region_differs':
      return { status, field: 'code', text: t('desk.regions.fault.taken') };
    case 'market.areas_overlap':
      return parts(t('desk.regions.fault.overlap', { part, other: nameOf('otherCode') }));
    case 'market.outside_parent':
      return parts(t('desk.regions.fault.outside', { part, parent: nameOf('parentCode') }));
    case 'market.postcodes_unfit':
      return parts(t('desk.regions.fault.postcodes', { typed }));
    case 'market.cells_unfit':
      return parts(t('desk.regions.fault.cells', { cell }));
    case 'market.outline_unfit':
      return parts(t('desk.regions.fault.outline', { reason: facts['reason'] ?? '' }));
    case 'market.too_much':
      return parts(
        t('desk.regions.fault.too_much', { max: String(facts['max']), what: facts['what'] ?? '' }),
      );
    default:
      return undefined;
  }
}
