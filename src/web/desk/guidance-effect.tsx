import { AFTER_LEAST, type Effect, MARKETS_LEAST } from '#modules/guidance/index.ts';
import { shiftDay } from '#modules/insight/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName } from './figures.tsx';
import { type Names, regionName, variantName } from './guidance-words.ts';

/** As often as that or less in markets where nothing was done is hardly chance. */
const HARDLY = 0.1;
const WEIGHTS_SHOWN = 5;

interface Props {
  effect: Effect;
  region: string;
  names: Names;
  format: Format;
}

/** What an accepted adjustment brought, in words, beside what was expected of it. */
export function EffectWords({ effect, region, names, format }: Props) {
  return (
    <div class="guidance-effect">
      <h4>{t('desk.guidance.effect')}</h4>
      {effect.state === 'measured' ? (
        effect.between ? (
          <LateWords effect={effect} between={effect.between} names={names} format={format} />
        ) : (
          <Measured effect={effect} names={names} format={format} />
        )
      ) : (
        <p>{unmeasured(effect, regionName(names, region), format)}</p>
      )}
      <p class="hint">
        {effect.isFinal
          ? t('desk.guidance.effect.final')
          : t('desk.guidance.effect.again', { day: dayName(format, effect.knownTo) })}
      </p>
    </div>
  );
}

function unmeasured(effect: Exclude<Effect, { state: 'measured' }>, where: string, format: Format): string {
  switch (effect.state) {
    case 'too_early':
      return t('desk.guidance.effect.too_early', {
        day: dayName(format, shiftDay(effect.fromDay, AFTER_LEAST)),
        days: AFTER_LEAST,
      });
    case 'not_in_force':
      return t('desk.guidance.effect.not_in_force');
    case 'too_little':
      return t(`desk.guidance.effect.too_little.${effect.metric}`, { where });
    case 'too_few_markets':
      return t(`desk.guidance.effect.too_few.${effect.beside}`, {
        markets: format.number(effect.markets),
        least: MARKETS_LEAST,
      });
  }
}

interface MeasuredProps extends Omit<Props, 'region' | 'effect'> {
  effect: MeasuredEffect;
}
type MeasuredEffect = Extract<Effect, { state: 'measured' }>;

const weighedName = (each: MeasuredEffect['weights'][number], names: Names) => {
  if ('variantId' in each) return variantName(names, each.variantId);
  const region = regionName(names, each.region);
  return 'carrier' in each ? t('desk.guidance.effect.carrier', { carrier: each.carrier, region }) : region;
};

/** What came late, beside what was to be expected and how sure that is. */
function LateWords({
  effect,
  between,
  names,
  format,
}: MeasuredProps & { between: { low: number; high: number } }) {
  const { metric, beside, way, observed, expected, hoped, chance, markets, weights } = effect;
  const whole = (value: number) => format.number(Math.round(value));
  const figures = {
    effect: signedIn(format, observed - expected),
    hoped: signedIn(format, hoped),
    observed: whole(observed),
    expected: whole(expected),
    low: whole(between.low),
    high: whole(between.high),
    from: dayName(format, effect.fromDay),
    to: dayName(format, effect.toDay),
    count: markets,
  };
  const brought = metric === 'late_orders' ? 'late_orders' : 'late_shipments';
  const seenBeside = beside === 'orders' ? 'orders' : way === 'holdout' ? 'unasked' : 'carriers';
  const named = weights.slice(0, WEIGHTS_SHOWN).map((each) =>
    t('desk.guidance.effect.weight', {
      region: weighedName(each, names),
      share: format.percent(each.weight),
    }),
  );
  return (
    <>
      <p>
        <strong>{t(`desk.guidance.effect.brought.${brought}`, figures)}</strong>{' '}
        {t(`desk.guidance.effect.late.${seenBeside}`, figures)}
      </p>
      <p>
        {t('desk.guidance.effect.late.between', figures)}{' '}
        {t(chance <= HARDLY ? 'desk.guidance.effect.late.hardly' : 'desk.guidance.effect.late.maybe')}
      </p>
      {named.length > 0 && (
        <p class="soft">{t('desk.guidance.effect.late.sent', { carriers: format.list(named) })}</p>
      )}
    </>
  );
}

const signedIn = (format: Format, value: number) => {
  const zero = format.number(0);
  const text = format.number(Math.round(Math.abs(value)));
  return text === zero ? text : `${value > 0 ? '+' : '−'}${text}`;
};

function Measured({ effect, names, format }: MeasuredProps) {
  const { metric, way, beside, observed, expected, hoped, chance, markets, weights, fromDay, toDay } = effect;
  const whole = (value: number) => format.number(Math.round(value));
  const signed = (value: number) => signedIn(format, value);
  const asFar = Math.round(chance * (markets + 1)) - 1;
  const named = weights.slice(0, WEIGHTS_SHOWN).map((each) =>
    t('desk.guidance.effect.weight', {
      region: weighedName(each, names),
      share: format.percent(each.weight),
    }),
  );
  return (
    <>
      <p>
        <strong>
          {t(`desk.guidance.effect.brought.${metric}`, {
            effect: signed(observed - expected),
            hoped: signed(hoped),
          })}
        </strong>{' '}
        {t(
          beside === 'goods'
            ? 'desk.guidance.effect.synthetic.goods'
            : way === 'holdout'
              ? 'desk.guidance.effect.holdout'
              : 'desk.guidance.effect.synthetic',
          {
            from: dayName(format, fromDay),
            to: dayName(format, toDay),
            observed: whole(observed),
            expected: whole(expected),
            markets: format.number(markets),
          },
        )}
      </p>
      <p>
        {t(chance <= HARDLY ? 'desk.guidance.effect.hardly' : 'desk.guidance.effect.maybe', {
          markets: format.number(markets),
          count: asFar,
        })}
      </p>
      {way === 'synthetic' && (
        <p class="soft">{t('desk.guidance.effect.weights', { regions: format.list(named) })}</p>
      )}
    </>
  );
}
