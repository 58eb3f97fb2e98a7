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
        <Measured effect={effect} names={names} format={format} />
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
    case 'too_little':
      return t(`desk.guidance.effect.too_little.${effect.metric}`, { where });
    case 'too_few_markets':
      return t(`desk.guidance.effect.too_few_${effect.beside}`, {
        markets: format.number(effect.markets),
        least: MARKETS_LEAST,
      });
  }
}

function Measured({
  effect,
  names,
  format,
}: Omit<Props, 'region' | 'effect'> & { effect: Extract<Effect, { state: 'measured' }> }) {
  const { metric, way, beside, observed, expected, hoped, chance, markets, weights, fromDay, toDay } = effect;
  const whole = (value: number) => format.number(Math.round(value));
  const signed = (value: number) => {
    const text = whole(Math.abs(value));
    return text === whole(0) ? text : `${value > 0 ? '+' : '−'}${text}`;
  };
  const asFar = Math.round(chance * (markets + 1)) - 1;
  const named = weights.slice(0, WEIGHTS_SHOWN).map((each) =>
    t('desk.guidance.effect.weight', {
      region: 'region' in each ? regionName(names, each.region) : variantName(names, each.variantId),
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
        {t(beside === 'goods' ? 'desk.guidance.effect.synthetic.goods' : `desk.guidance.effect.${way}`, {
          from: dayName(format, fromDay),
          to: dayName(format, toDay),
          observed: whole(observed),
          expected: whole(expected),
          markets: format.number(markets),
        })}
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
