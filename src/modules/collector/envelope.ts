import { isbot } from 'isbot';
import { latLngToCell } from 'h3-js';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { regionOfCountry } from '../market/index.ts';
import { withoutQueries } from './addresses.ts';
import { momentOf, timesOf } from './clock.ts';
import { commerceOf } from './commerce.ts';
import { type EventRow, NOBODY } from './event-row.ts';
import { Fault, ID_LENGTH, type Reason } from './fault.ts';

/** What is known of an event besides what it says. */
export interface Arrival {
  source: { id: string; kind: 'browser' | 'server' | 'partner'; touchpoint: string };
  /** Of the batch that it came in. */
  receivedAt: number;
  sentAt: number | undefined;
  /** The member that the session of the request belongs to. */
  memberId: string | undefined;
  userAgent: string;
}

export const CALLS = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'cloudevent'] as const;
export type Call = (typeof CALLS)[number];

export const EVENT_BYTES_MAX = 32 * 1024;
const NAME_LENGTH = 200;
const ADDRESS_LENGTH = 4000;
const KEYS_MAX = 1000;
const DEPTH_MAX = 20;
const PURPOSES_MAX = 40;
/** Some 36 km²: a part of a town. A client's exact place is not kept. */
const CELL_SIZE = 6;

const Name = Type.String({ minLength: 1, maxLength: NAME_LENGTH });
const MaybeId = Type.Optional(
  Type.Union([Type.String({ maxLength: ID_LENGTH }), Type.Number(), Type.Null()]),
);
const Anything = Type.Optional(Type.Union([Type.Object({}, { maxProperties: KEYS_MAX }), Type.Null()]));
const Moment = Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Number(), Type.Null()]));

const Envelope = Type.Object({
  type: Type.Union(CALLS.map((call) => Type.Literal(call))),
  messageId: Type.String({ minLength: 1, maxLength: ID_LENGTH }),
  event: Type.Optional(Type.Union([Name, Type.Null()])),
  name: Type.Optional(Type.Union([Type.String({ maxLength: NAME_LENGTH }), Type.Null()])),
  category: Type.Optional(Type.Union([Type.String({ maxLength: ID_LENGTH }), Type.Null()])),
  anonymousId: MaybeId,
  userId: MaybeId,
  previousId: MaybeId,
  groupId: MaybeId,
  timestamp: Moment,
  originalTimestamp: Moment,
  sentAt: Moment,
  version: Type.Optional(Type.Unknown()),
  properties: Anything,
  traits: Anything,
  context: Anything,
});
type Envelope = Static<typeof Envelope>;
const envelope = Compile(Envelope);

/** The event as a row, or the fault for which it is set aside. */
export function readEvent(raw: unknown, arrival: Arrival): EventRow {
  const event = shaped(raw);
  const { source, receivedAt } = arrival;
  const properties = withoutQueries(propertiesOf(event));
  const traits = record(event.traits);
  const context = record(event.context);
  const name = nameOf(event);
  const anonymousId = text(event.anonymousId);
  const userId = text(event.userId) || text(event.previousId);
  if (!anonymousId && !userId && event.type !== 'cloudevent') throw new Fault('nobody', '/anonymousId');
  const said = event.originalTimestamp ?? event.timestamp ?? undefined;
  const saidAt = momentOf(said);
  if (said !== undefined && saidAt === undefined) throw new Fault('wrong_type', '/timestamp');
  const page = withoutQueries(record(context['page']));
  const kept = {
    properties: written(properties),
    traits: written(traits),
    context: written(withoutPlace('page' in context ? { ...context, page } : context)),
  };
  return {
    sourceId: source.id,
    messageId: event.messageId,
    kind: event.type,
    name,
    version: 1,
    ...timesOf(saidAt, momentOf(event.sentAt) ?? arrival.sentAt, receivedAt),
    receivedAt,
    touchpoint: source.touchpoint,
    anonymousId,
    userId,
    memberId: memberOf(arrival, text(event.userId)),
    organizationId: text(event.groupId) || short(context['groupId']),
    clientSessionId: short(context['sessionId']),
    ...placeOf(context),
    consent: consentIn(context),
    isBot: isRobot(short(context['userAgent'], ADDRESS_LENGTH) || arrival.userAgent),
    commerce: commerceOf(name, properties),
    url: short(page['url'] ?? properties['url'], ADDRESS_LENGTH),
    referrer: short(page['referrer'] ?? properties['referrer'], ADDRESS_LENGTH),
    ...kept,
  };
}

let lastAgent = { agent: '', isBot: isbot('') };

/** The events of a batch are of one program: it is looked at once. */
function isRobot(agent: string): boolean {
  if (agent !== lastAgent.agent) lastAgent = { agent, isBot: isbot(agent) };
  return lastAgent.isBot;
}

const REASON_OF: Record<string, Reason> = {
  required: 'field_missing',
  maxLength: 'too_long',
  minLength: 'field_missing',
  maxProperties: 'too_many_properties',
};

function shaped(raw: unknown): Envelope {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Fault('not_an_event');
  assertBounded(raw);
  if (!envelope.Check(raw)) {
    // A union says both that none fits and why each does not: the innermost reason is the one that helps.
    const errors = envelope.Errors(raw);
    const told = errors.find(({ keyword }) => keyword in REASON_OF) ?? errors[0];
    const missing = (told?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0];
    const place = `${told?.instancePath ?? ''}${missing ? `/${missing}` : ''}`;
    throw new Fault(REASON_OF[told?.keyword ?? ''] ?? 'wrong_type', place.slice(0, 300));
  }
  return raw;
}

/** Bounds what the rest of the reading costs: keys, depth, and bytes that no text has. */
function assertBounded(raw: object): void {
  let keys = 0;
  /** Where it is; put together only where something is wrong there. */
  const path: string[] = [];
  const fault = (reason: Reason) =>
    new Fault(
      reason,
      path
        .map((key) => `/${key}`)
        .join('')
        .slice(0, 300),
    );
  const walk = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      if (value.includes('\0')) throw fault('nul_byte');
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth > DEPTH_MAX) throw fault('too_deep');
    const inside = value as Record<string, unknown>;
    for (const key of Object.keys(inside)) {
      keys += 1;
      if (keys > KEYS_MAX) throw fault('too_many_properties');
      if (key.length > NAME_LENGTH) throw fault('too_long');
      if (key.includes('\0')) throw fault('nul_byte');
      if (depth < 4) path.push(key);
      walk(inside[key], depth + 1);
      if (depth < 4) path.pop();
    }
  };
  walk(raw, 0);
}

function nameOf({ type, event }: Envelope): string {
  if (type !== 'track' && type !== 'cloudevent') return `$${type as string}`;
  const name = event?.trim();
  if (!name) throw new Fault('field_missing', '/event');
  return name;
}

function propertiesOf({ type, properties, name, category, previousId }: Envelope): Record<string, unknown> {
  const given = record(properties);
  if (type === 'alias') return { ...given, previousId };
  if (type !== 'page' && type !== 'screen') return given;
  return { ...(name && { name }), ...(category && { category }), ...given };
}

/** A browser may name any member as its own: only its session proves one. */
function memberOf({ source, memberId }: Arrival, userId: string): string {
  if (memberId) return memberId;
  return source.kind !== 'browser' && UUID.test(userId) ? userId.toLowerCase() : NOBODY;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function placeOf(context: Record<string, unknown>): { region: string; cell: string } {
  const { country, latitude, longitude } = record(context['location']);
  const isOnEarth =
    typeof latitude === 'number' &&
    typeof longitude === 'number' &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180;
  return {
    region: typeof country === 'string' && country.length === 2 ? regionOfCountry(country.toUpperCase()) : '',
    cell: isOnEarth ? String(BigInt(`0x${latLngToCell(latitude, longitude, CELL_SIZE)}`)) : '0',
  };
}

/** The network address and the exact place are used on arrival, if at all, and not kept. */
function withoutPlace(context: Record<string, unknown>): Record<string, unknown> {
  if (!('ip' in context) && !('location' in context)) return context;
  const { ip: _ip, location, ...rest } = context;
  const { country, region, city } = record(location);
  return { ...rest, location: { country, region, city } };
}

/** As Segment's and RudderStack's consent plugins write it: categories allowed and denied. */
function consentIn(context: Record<string, unknown>): Record<string, boolean> {
  const told = record(record(context['consent'])['categoryPreferences']);
  const consent = Object.entries(told).filter(
    (each): each is [string, boolean] => typeof each[1] === 'boolean',
  );
  const { allowedConsentIds, deniedConsentIds } = record(context['consentManagement']);
  for (const id of listed(allowedConsentIds)) consent.push([id, true]);
  for (const id of listed(deniedConsentIds)) consent.push([id, false]);
  return Object.fromEntries(consent.slice(0, PURPOSES_MAX));
}

const listed = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const text = (value: string | number | null | undefined): string =>
  value === null ? '' : String(value ?? '');

/** What is no text of the right length is not worth setting the event aside for. */
function short(value: unknown, length = ID_LENGTH): string {
  const found = typeof value === 'number' ? String(value) : value;
  return typeof found === 'string' ? found.slice(0, length) : '';
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

function written(value: Record<string, unknown>): string {
  return JSON.stringify(value);
}
