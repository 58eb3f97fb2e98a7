import { type Static, Type } from 'typebox';
import { AUDIT_ACTIONS } from '#modules/identity/index.ts';
import { Text } from '../page.ts';
import { momentOf } from './local-moment.ts';

const Day = Type.String({ default: '', maxLength: 10 });

/** The filters as the address has them. What it can't mean is left out, not refused: people type addresses. */
export const AuditFilters = Type.Object({
  /** A part of a name or an address, or one of the trail's own words for somebody. */
  who: Text(120),
  action: Type.Union([Type.Enum([...AUDIT_ACTIONS]), Type.Literal('')], { default: '' }),
  from: Day,
  to: Day,
  before: Type.Integer({ minimum: 0, default: 0 }),
});
export type AuditFilters = Static<typeof AuditFilters>;

const EXACT = /^(system|guest|(member|machine):[0-9a-f-]{36})$/;

/** True for one of the trail's own words for somebody: a link to exactly that person. */
export const isExact = (who: string): boolean => EXACT.test(who);

/** The address of the list with these filters, the empty ones left out. */
export function auditAddress(filters: Partial<Record<keyof AuditFilters, string | number>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, String(value));
  const text = query.toString();
  return text ? `/desk/audit?${text}` : '/desk/audit';
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The moment at which this day begins in the shop's time zone, or the one after it; undefined for what is no day. */
export function dayBegins(day: string, timeZone: string, later = 0): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The 31st of February is read as one of March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  return momentOf(midnight + later * DAY_MS, timeZone);
}
