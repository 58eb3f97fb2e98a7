import { idOf } from '#platform/ids.ts';
import { STORE_FRONTS } from './pictures/index.ts';

const day = (opens: string, closes: string) => ({ opens, closes });
const WEEK = [
  day('10:00', '18:00'),
  day('10:00', '18:00'),
  day('10:00', '18:00'),
  day('10:00', '21:00'),
  day('10:00', '18:00'),
  day('09:30', '18:00'),
];

interface DemoPlace {
  code: string;
  kind: 'store' | 'warehouse';
  name: string;
  street: string;
  postcode: string;
  city: string;
  countryCode: string;
  latitude: number;
  longitude: number;
  timeZone: string;
  openingHours: ({ opens: string; closes: string } | null)[];
  /** When the carrier's van is about to come: before it closes, on any day. */
  cutOff: string;
}

const PLACES: DemoPlace[] = [
  {
    code: 'amsterdam',
    kind: 'store',
    name: 'Stoa Amsterdam',
    street: 'Haarlemmerdijk 88',
    postcode: '1013 JH',
    city: 'Amsterdam',
    countryCode: 'NL',
    latitude: 52.3826,
    longitude: 4.8877,
    timeZone: 'Europe/Amsterdam',
    cutOff: '16:00',
    openingHours: [day('12:00', '18:00'), ...WEEK.slice(1), day('12:00', '17:00')],
  },
  {
    code: 'antwerp',
    kind: 'store',
    name: 'Stoa Antwerp',
    street: 'Nationalestraat 61',
    postcode: '2000',
    city: 'Antwerp',
    countryCode: 'BE',
    latitude: 51.2161,
    longitude: 4.3988,
    timeZone: 'Europe/Brussels',
    cutOff: '16:00',
    openingHours: [...WEEK, null],
  },
  {
    code: 'cologne',
    kind: 'store',
    name: 'Stoa Cologne',
    street: 'Ehrenstraße 42',
    postcode: '50672',
    city: 'Cologne',
    countryCode: 'DE',
    latitude: 50.9391,
    longitude: 6.9406,
    timeZone: 'Europe/Berlin',
    cutOff: '16:00',
    openingHours: [
      ...WEEK.slice(0, 3),
      day('10:00', '20:00'),
      day('10:00', '20:00'),
      day('10:00', '20:00'),
      null,
    ],
  },
  {
    code: 'lyon',
    kind: 'store',
    name: 'Stoa Lyon',
    street: 'Rue Auguste Comte 17',
    postcode: '69002',
    city: 'Lyon',
    countryCode: 'FR',
    latitude: 45.7544,
    longitude: 4.8296,
    timeZone: 'Europe/Paris',
    cutOff: '16:00',
    openingHours: [null, ...WEEK.slice(1), null],
  },
  {
    code: 'tilburg',
    kind: 'warehouse',
    name: 'Tilburg warehouse',
    street: 'Ledeboerstraat 30',
    postcode: '5048 AD',
    city: 'Tilburg',
    countryCode: 'NL',
    latitude: 51.5846,
    longitude: 5.0228,
    timeZone: 'Europe/Amsterdam',
    cutOff: '13:00',
    openingHours: [...Array.from({ length: 5 }, () => day('07:00', '22:00')), day('08:00', '14:00'), null],
  },
];

/** Four stores and a warehouse, in streets that exist. */
export const DEMO_LOCATIONS = PLACES.map((place) => ({ id: idOf('demo:location', place.code), ...place }));

/** How each of them looks from the street. */
export const FRONTS: Record<string, (typeof STORE_FRONTS)[keyof typeof STORE_FRONTS]> = {
  amsterdam: STORE_FRONTS.gabled,
  antwerp: STORE_FRONTS.townhouse,
  cologne: STORE_FRONTS.arcade,
  lyon: STORE_FRONTS.tiled,
  tilburg: STORE_FRONTS.warehouse,
};

/** A register in each store. */
export const demoRegisters = (currency: string) =>
  DEMO_LOCATIONS.filter(({ kind }) => kind === 'store').map(({ id, code, city }) => ({
    id: idOf('demo:register', code),
    name: `${city} 1`,
    locationId: id,
    currency,
  }));
