import type { IncomingHttpHeaders } from 'node:http';
import { jsonOf } from './incoming.ts';

const SPEC_VERSION = '1.0';

/** The events of a CloudEvents request as those of a batch; undefined for what is no JSON. */
export function cloudEventsIn(text: string, headers: IncomingHttpHeaders): { batch: unknown[] } | undefined {
  const type = headers['content-type'] ?? '';
  if (!/^application\/cloudevents/i.test(type)) return { batch: [binary(text, headers)] };
  const body = jsonOf(text);
  if (body === undefined) return undefined;
  const events = Array.isArray(body) ? (body as unknown[]) : [body];
  return { batch: events.map(structured) };
}

/** Attributes in headers, the data as the body. */
function binary(text: string, headers: IncomingHttpHeaders): unknown {
  const attributes = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith('ce-') && typeof value === 'string' ? [[name.slice(3), percentDecoded(value)]] : [],
  );
  const isJson = /json/i.test(headers['content-type'] ?? 'application/json');
  return structured({ ...Object.fromEntries(attributes), data: isJson ? jsonOf(text) : text });
}

/** As the other events have it. What is missing is left out, and found so when the event is read. */
function structured(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event;
  const {
    specversion,
    id,
    source,
    type,
    time,
    data,
    data_base64: base64,
    ...extensions
  } = event as Record<string, unknown>;
  const isWhole =
    specversion === SPEC_VERSION && typeof id === 'string' && typeof source === 'string' && id && source;
  return {
    ...(isWhole && { messageId: messageIdOf(source, id) }),
    type: 'cloudevent',
    event: type,
    ...(time !== undefined && { timestamp: time }),
    ...(extensions['userid'] !== undefined && { userId: extensions['userid'] }),
    properties:
      typeof data === 'object' && data !== null && !Array.isArray(data) ? data : { data: data ?? base64 },
    context: { cloudevent: { source, ...extensions } },
  };
}

/** Both are needed to know an event again. */
const messageIdOf = (source: string, id: string): string => `${source}#${id}`;

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
