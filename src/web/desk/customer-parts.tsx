import type { CustomerFigures, CustomerTastes } from '#modules/insight/index.ts';
import type { HistoryEntry } from '../../customer-reads.ts';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { momentName } from './figures.tsx';
import { touchpointName } from './touchpoints.ts';

const NOTHING = '–';
const NAMES_SHOWN = 5;

export const chanceText = (format: Format, chance: number | null): string =>
  chance === null ? NOTHING : format.percent(chance);
export const expectedText = (format: Format, orders: number | null): string =>
  orders === null ? NOTHING : format.number(orders, 1);
export const worthText = (format: Format, minor: number | null, currency: string): string =>
  minor === null ? NOTHING : format.money(minor, currency);

/** A customer's figures in one currency, and the segments with their reasons. */
export function FiguresPart({
  figures,
  format,
  isOwn = false,
}: {
  figures: CustomerFigures;
  format: Format;
  /** The member's own copy: what they leave whoever sells to them is not in it. */
  isOwn?: boolean;
}) {
  const { currency } = figures;
  const scored = (figure: string, score: number) => t('desk.customers.scored', { figure, score });
  const fault = figures.purchasesFault ?? figures.amountsFault;
  const told: [string, string][] = [
    [t('desk.customers.recency'), scored(format.number(figures.recencyDays), figures.recencyScore)],
    [t('desk.customers.orders'), scored(format.number(figures.orders), figures.ordersScore)],
    [t('desk.customers.net'), format.money(figures.netMinor, currency)],
    ...(isOwn
      ? []
      : [
          [
            t('desk.customers.margin'),
            scored(format.money(figures.marginMinor, currency), figures.marginScore),
          ] as [string, string],
        ]),
    [t('desk.customers.still_here'), chanceText(format, figures.stillHere)],
    [t('desk.customers.expected_orders'), expectedText(format, figures.expectedOrders)],
    [t('desk.customers.expected'), worthText(format, figures.expectedMinor, currency)],
  ];
  const id = `figures-${currency}`;
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{t('desk.customers.in_numbers', { currency })}</h2>
      </div>
      <dl class="order-sums">
        {told.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {fault && <p class="soft">{say(`desk.customers.fault.${fault}`)}</p>}
      <h3>{t('desk.customers.segments')}</h3>
      <ul class="told-why">
        {figures.segments.map(({ name, title, reason }) => (
          <li key={name}>
            <strong>{title}</strong>
            <p class="soft">{reason}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a customer is drawn to and what others have of them, each with its reason; nothing where nothing stands out. */
export function TastesPart({
  tastes: { interests, advocacy },
  isOwn = false,
}: {
  tastes: CustomerTastes;
  /** Told to the member themselves. */
  isOwn?: boolean;
}) {
  const parts = [
    {
      id: 'interests',
      title: t('desk.customers.interests'),
      none: t('desk.customers.interests.none'),
      told: interests.map(({ targetId, kind, title, reason }) => ({
        key: targetId,
        title,
        kind: say(`desk.customers.interest.${kind}`),
        reason,
      })),
    },
    {
      id: 'advocacy',
      title: isOwn ? t('account.figures.advocacy') : t('desk.customers.advocacy'),
      none: isOwn ? t('account.figures.advocacy.none') : t('desk.customers.advocacy.none'),
      told: advocacy ? [{ key: 'advocacy', title: advocacy.title, kind: '', reason: advocacy.reason }] : [],
    },
  ];
  return (
    <>
      {parts.map(({ id, title, none, told }) => (
        <section key={id} class="panel" aria-labelledby={id}>
          <div class="panel-head">
            <h2 id={id}>{title}</h2>
          </div>
          {told.length === 0 ? (
            <p class="soft">{none}</p>
          ) : (
            <ul class="told-why">
              {told.map((each) => (
                <li key={each.key}>
                  <strong>{each.title}</strong>
                  {each.kind !== '' && <span class="soft"> · {each.kind}</span>}
                  <p class="soft">{each.reason}</p>
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </>
  );
}

interface HistoryProps {
  entries: readonly HistoryEntry[];
  format: Format;
  timeZone: string;
  /** On the desk, and not told to the member themselves: orders and returns lead to their pages there, and an order to what led to it. */
  customerId?: string;
}

/** One line of all that happened, the newest first, each with why it may be shown. */
export function History({ entries, format, timeZone, customerId }: HistoryProps) {
  return (
    <section class="panel" aria-labelledby="timeline">
      <div class="panel-head">
        <h2 id="timeline">{t('desk.customers.timeline')}</h2>
      </div>
      {entries.length === 0 ? (
        <p class="soft">{t('desk.customers.timeline.none')}</p>
      ) : (
        <ol class="timeline">
          {entries.map((entry, index) => (
            <li key={`${index} ${entry.kind}`}>
              <time datetime={entry.at.toISOString()}>
                {momentName(format, entry.at, timeZone, { year: 'numeric' })}
              </time>
              <p>
                <strong>{linked(entry, customerId !== undefined)}</strong>
                {detailsOf(entry, format).map((each) => (
                  <span key={each}> · {each}</span>
                ))}
                {customerId !== undefined && entry.kind === 'order' && (
                  <>
                    {' · '}
                    <a href={`/desk/customers/${customerId}?order=${entry.id}#journey`}>
                      {t('desk.customers.journey.see', { number: entry.number ?? '' })}
                    </a>
                  </>
                )}
              </p>
              <p class="soft">
                {say(
                  customerId === undefined
                    ? `account.figures.ground.${groundOf(entry)}`
                    : `desk.customers.ground.${groundOf(entry)}`,
                )}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function groundOf({ kind }: HistoryEntry): 'visit' | 'bought' | 'said' | 'asked' {
  if (kind === 'visit') return 'visit';
  if (kind === 'case') return 'asked';
  return kind === 'order' || kind === 'return' || kind === 'cancellation' ? 'bought' : 'said';
}

function linked(entry: HistoryEntry, isLinked: boolean) {
  const what = say(`desk.customers.did.${entry.kind}`);
  if (!isLinked || entry.kind === 'visit' || groundOf(entry) !== 'bought') return what;
  const list = entry.kind === 'return' ? 'returns' : 'orders';
  return <a href={`/desk/${list}/${entry.id}`}>{what}</a>;
}

function detailsOf(entry: HistoryEntry, format: Format): string[] {
  const where = [touchpointName(entry.touchpoint ?? '')].filter((name) => name !== '');
  if (entry.kind === 'visit') {
    const steps = t('desk.customers.steps', { count: entry.steps });
    return [...where, steps, format.list(entry.names.slice(0, NAMES_SHOWN))];
  }
  const { number, amountMinor, currency, words, matter } = entry;
  const about = matter === null ? [] : [t(`desk.order.matter.${matter}`)];
  const amount = amountMinor !== null && currency !== null ? [format.money(amountMinor, currency)] : [];
  return [
    ...about,
    ...(number === null ? [] : [number]),
    ...amount,
    ...where,
    ...(words === null ? [] : [words]),
  ];
}
