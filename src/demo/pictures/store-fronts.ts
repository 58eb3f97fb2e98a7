import type { Front } from './places.ts';

/** The demo's four stores and its warehouse, by how their street looks. */
export const STORE_FRONTS = {
  arcade: { form: 'arcade', wall: '#e3cfa8', accent: '#3f6b6a', seed: 'arcade' },
  townhouse: { form: 'townhouse', wall: '#d9b48a', accent: '#8a2438', seed: 'townhouse' },
  gabled: { form: 'gabled', wall: '#cdbb9a', accent: '#1f5f7a', seed: 'gabled' },
  tiled: { form: 'tiled', wall: '#e6dcc6', accent: '#2f6a8a', seed: 'tiled' },
  warehouse: { form: 'warehouse', wall: '#b5714f', accent: '#5f6f52', seed: 'warehouse' },
} as const satisfies Record<string, Front>;
