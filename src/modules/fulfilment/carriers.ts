import type { Config } from '#platform/config.ts';
import { type Carrier } from './carrier.ts';
import { easypostCarrier } from './easypost-carrier.ts';
import { testCarrier } from './test-carrier.ts';

/** The carrier whose numbers people type: any that has no adapter here. */
export const MANUAL = 'manual';

/** The carriers that give labels by themselves: in production no `test`. */
export function carriersOf({ easypost, isProduction }: Pick<Config, 'easypost' | 'isProduction'>): Carrier[] {
  return [...(isProduction ? [] : [testCarrier]), ...(easypost ? [easypostCarrier(easypost)] : [])];
}

/** The names of all carriers that a shipment may go with. */
export const carrierNames = (config: Pick<Config, 'easypost' | 'isProduction'>): string[] => [
  MANUAL,
  ...carriersOf(config).map(({ name }) => name),
];
