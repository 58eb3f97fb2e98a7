import { randomUUID } from 'node:crypto';
import { type Adjustment, GET_WEEKS, KEEP_WEEKS, PACE_WEEKS } from '#modules/guidance/index.ts';
import { Button } from '../components/Button.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { momentName } from './figures.tsx';
import { CarrierWords } from './guidance-carrier.tsx';
import { PriceWords } from './guidance-price.tsx';
import { RuleWords } from './guidance-rule-change.tsx';
import { EffectWords } from './guidance-effect.tsx';
import { type Names, placeName, variantName } from './guidance-words.ts';

interface ListProps {
  found: readonly Adjustment[];
  names: Names;
  format: Format;
  timeZone: string;
  /** Who decided, by the actor as the ledger has it. */
  people: ReadonlyMap<string, string>;
  mayDecide: boolean;
  /** The one whose decision lacks a reason. */
  unreasoned?: string | undefined;
}

/** What would help, each with its figures in words and a form to decide. */
export const AdjustmentList = ({ found, ...more }: ListProps) => (
  <ul class="guidance-list">
    {found.map((adjustment) => (
      <li key={adjustment.id} class="panel" id={`adjustment-${adjustment.id}`}>
        <Words adjustment={adjustment} names={more.names} format={more.format} />
        {adjustment.state === 'open' && more.mayDecide && (
          <DecisionForm
            adjustment={adjustment}
            error={more.unreasoned === adjustment.id ? t('desk.guidance.reason.error') : undefined}
          />
        )}
        <Decision adjustment={adjustment} {...more} />
        {adjustment.effect && (
          <EffectWords
            effect={adjustment.effect}
            region={adjustment.region}
            names={more.names}
            format={more.format}
          />
        )}
      </li>
    ))}
  </ul>
);

interface WordsProps {
  adjustment: Adjustment;
  names: Names;
  format: Format;
}

function Words({ adjustment, names, format }: WordsProps) {
  switch (adjustment.kind) {
    case 'move_stock':
      return <MoveWords adjustment={adjustment} names={names} format={format} />;
    case 'keep_back':
      return <KeepWords adjustment={adjustment} names={names} format={format} />;
    case 'contact_carrier':
      return <CarrierWords adjustment={adjustment} names={names} format={format} />;
    case 'change_rules':
      return <RuleWords adjustment={adjustment} format={format} />;
    case 'raise_safety':
      return <SafetyWords adjustment={adjustment} names={names} format={format} />;
    case 'reprice':
      return (
        <>
          <PriceWords adjustment={adjustment} names={names} format={format} />
          {adjustment.state === 'open' && (
            <p>
              <a href={`/desk/guidance/prices/${adjustment.id}`}>{t('desk.guidance.price.do')}</a>
            </p>
          )}
        </>
      );
  }
}

type Of<Kind extends Adjustment['kind']> = WordsProps & { adjustment: Extract<Adjustment, { kind: Kind }> };

const worth = ({
  adjustment: { facts, expectedUnits, expectedMinor, currency },
  format,
}: Omit<Of<'move_stock' | 'keep_back' | 'raise_safety'>, 'names'>) =>
  facts.priceMinor === null || expectedMinor === null
    ? undefined
    : t('desk.guidance.worth', {
        units: format.number(expectedUnits),
        price: format.money(facts.priceMinor, currency),
        sum: format.money(expectedMinor, currency),
      });

function MoveWords({ adjustment, names, format }: Of<'move_stock'>) {
  const { facts, expectedUnits } = adjustment;
  const [from, to] = [placeName(names, facts.fromId), placeName(names, facts.toId)];
  const units = format.number(expectedUnits);
  const priced = worth({ adjustment, format });
  return (
    <>
      <h3>{t('desk.guidance.move', { units, what: variantName(names, facts.variantId), from, to })}</h3>
      <p>
        {t('desk.guidance.move.why', {
          to,
          from,
          sent: format.number(facts.shippedTo),
          weeks: PACE_WEEKS,
          need: format.number(Math.ceil((facts.shippedTo / PACE_WEEKS) * GET_WEEKS)),
          cover: GET_WEEKS,
          incoming: format.number(facts.incomingTo),
          available: format.number(facts.availableFrom),
          kept: format.number(facts.keptFrom),
          keep: KEEP_WEEKS,
        })}
      </p>
      <p>
        <strong>
          {priced === undefined
            ? t('desk.guidance.move.brings.unpriced', { units })
            : t('desk.guidance.move.brings', { units, worth: priced })}
        </strong>{' '}
        <a href="/desk/stock/transfers">{t('desk.guidance.move.do')}</a>
      </p>
    </>
  );
}

function KeepWords({ adjustment, names, format }: Of<'keep_back'>) {
  const { facts, expectedUnits } = adjustment;
  const priced = worth({ adjustment, format });
  const units = format.number(expectedUnits);
  return (
    <>
      <h3>
        {t('desk.guidance.keep', {
          units: format.number(facts.lossMost),
          what: variantName(names, facts.variantId),
          where: placeName(names, facts.locationId),
        })}
      </h3>
      <p>
        {t('desk.guidance.keep.why', {
          counts: format.number(facts.counts),
          weeks: PACE_WEEKS,
          most: format.number(facts.lossMost),
          safety: format.number(facts.safety),
        })}
      </p>
      <p>
        <strong>
          {priced === undefined
            ? t('desk.guidance.keep.brings.unpriced', { units })
            : t('desk.guidance.keep.brings', { units, worth: priced })}
        </strong>{' '}
        <a href="/desk/stock">{t('desk.guidance.keep.do')}</a>
      </p>
    </>
  );
}

function SafetyWords({ adjustment, names, format }: Of<'raise_safety'>) {
  const { facts, expectedUnits } = adjustment;
  const priced = worth({ adjustment, format });
  const number = (value: number) => format.number(value);
  return (
    <>
      <h3>
        {t('desk.guidance.safety', {
          level: number(facts.level),
          safety: number(facts.safety),
          what: variantName(names, facts.variantId),
          where: placeName(names, facts.locationId),
        })}
      </h3>
      <p>
        {t('desk.guidance.safety.why', {
          out: number(facts.daysOut),
          weeks: PACE_WEEKS,
          lost: number(facts.lostUnits),
          perDay: number(facts.perDay),
          perDayVaries: number(facts.perDayVaries),
          lead: number(facts.leadDays),
          leadVaries: number(facts.leadDaysVary),
          deliveries: number(facts.deliveries),
        })}
      </p>
      <p>
        <strong>
          {t('desk.guidance.safety.brings', {
            days: number(facts.savedDays),
            units: number(expectedUnits),
          })}
          {priced !== undefined && t('desk.guidance.safety.worth', { worth: priced })}
        </strong>{' '}
        {t('desk.guidance.safety.do')}
      </p>
    </>
  );
}

const DecisionForm = ({
  adjustment: { id, kind },
  error,
}: {
  adjustment: Adjustment;
  error: string | undefined;
}) => (
  <form method="post" action="/desk/guidance/decisions" class="guidance-decide">
    <input type="hidden" name="id" value={randomUUID()} />
    <input type="hidden" name="adjustment" value={id} />
    <div class={`field${error ? ' field-wrong' : ''}`}>
      <label for={`reason-${id}`}>{t('desk.guidance.reason')}</label>
      <p class="hint" id={`reason-${id}-hint`}>
        {error ?? t('desk.guidance.reason.hint')}
      </p>
      <input
        id={`reason-${id}`}
        name="reason"
        type="text"
        maxlength={500}
        aria-describedby={`reason-${id}-hint`}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
    {/* Whoever sets the price accepts it: one that is accepted and not set would be measured as if it were. */}
    {kind !== 'reprice' && (
      <Button look="plain" name="verdict" value="accepted">
        {t('desk.guidance.accept')}
      </Button>
    )}
    <Button look="plain" name="verdict" value="declined">
      {t('desk.guidance.decline')}
    </Button>
  </form>
);

function Decision({
  adjustment: { decision },
  format,
  timeZone,
  people,
}: Omit<ListProps, 'found'> & { adjustment: Adjustment }) {
  if (!decision) return null;
  const { verdict, reason, actor, decidedAt } = decision;
  const told = {
    verdict: t(`desk.guidance.verdict.${verdict}`),
    who: people.get(actor) ?? t('desk.guidance.somebody'),
    day: momentName(format, decidedAt, timeZone),
  };
  return (
    <p class="soft">
      {reason === ''
        ? t('desk.guidance.verdict', told)
        : t('desk.guidance.verdict.reason', { ...told, reason })}
    </p>
  );
}
