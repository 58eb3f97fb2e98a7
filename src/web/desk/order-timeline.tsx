import type { TimelineEntry, TimelineFacts } from '#read/order-timeline.ts';
import type { Format } from '../format.ts';
import { isPlainKey, say, t } from '../messages.ts';
import { dayName, momentName } from './figures.tsx';
import { touchpointName } from './touchpoints.ts';

interface Props {
  entries: readonly TimelineEntry[];
  currency: string;
  format: Format;
  timeZone: string;
}

/** Everything that happened to an order and who did it, the oldest first. */
export function Timeline({ entries, currency, format, timeZone }: Props) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{t('desk.order.timeline')}</h2>
      <ol class="timeline">
        {entries.map((entry, index) => (
          <li key={`${index} ${entry.kind}`}>
            <time datetime={entry.at.toISOString()}>
              {momentName(format, entry.at, timeZone, { year: 'numeric' })}
            </time>
            <p>
              <strong>{whatHappened(entry)}</strong>
              {detailsOf(entry, currency, format).map((each) => (
                <span key={each}> · {each}</span>
              ))}
            </p>
            <p class="soft">{entry.actorName ?? say(`desk.order.by.${entry.by}`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What happened to a return leads to its page. */
function whatHappened({ kind, facts: { returnId } }: TimelineEntry) {
  const what = say(`desk.order.did.${kind}`);
  return returnId === undefined ? what : <a href={`/desk/returns/${returnId}`}>{what}</a>;
}

function detailsOf({ facts }: TimelineEntry, currency: string, format: Format): string[] {
  const { place, units, sku, amountMinor, provider, touchpoint, carrier, tracking, number } = facts;
  const reason = facts.reason ? reasonText(facts.reason) : undefined;
  return [
    place,
    units !== undefined && units > 0
      ? t('desk.order.units', { count: units, shown: format.number(units) })
      : undefined,
    sku,
    number,
    amountMinor === undefined ? undefined : format.money(amountMinor, currency),
    provider && providerName(provider),
    touchpoint && touchpointName(touchpoint),
    carrier && carrierName(carrier),
    tracking,
    facts.promisedTo && dayName(format, facts.promisedTo),
    whyChosen(facts, format),
    facts.whyBack && whyBackText(facts.whyBack),
    ...foundOf(facts),
    reason,
    facts.note,
    facts.detail,
  ].flatMap((each) => each || []);
}

const carrierName = (carrier: string) => (carrier === 'manual' ? t('desk.order.carrier.manual') : carrier);

/** Why routing chose the location: its place among those asked, and what it weighed. */
function whyChosen({ rank, asked, score, distanceKm, rules }: TimelineFacts, format: Format) {
  if (rank === undefined || asked === undefined || score === undefined || rules === undefined)
    return undefined;
  const why = t('desk.order.why', {
    rank,
    asked,
    score: format.number(Math.round(score * 100) / 100),
    rules,
  });
  return distanceKm === undefined
    ? why
    : `${why}, ${t('desk.order.why.distance', { distance: format.number(Math.round(distanceKm)) })}`;
}

export function providerName(provider: string): string {
  const key = `order.payment.${provider}`;
  return isPlainKey(key) ? say(key) : provider;
}

function whyBackText(why: string): string {
  const key = `return.reason.${why}`;
  return isPlainKey(key) ? say(key) : why;
}

/** What inspection found of what came back. */
const foundOf = ({ restocked, damaged, refused }: TimelineFacts): (string | undefined)[] => [
  restocked === undefined ? undefined : t('desk.order.found.restocked', { units: restocked }),
  damaged === undefined ? undefined : t('desk.order.found.damaged', { units: damaged }),
  refused === undefined ? undefined : t('desk.order.found.refused', { units: refused }),
];

function reasonText(reason: string): string {
  const key = `desk.fulfilment.reason.${reason}`;
  return isPlainKey(key) ? say(key) : reason;
}
