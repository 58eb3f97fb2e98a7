import type { Adjustment, PriceLook } from '#modules/guidance/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName } from './figures.tsx';
import { type Names, regionName, variantName } from './guidance-words.ts';

type Repricing = Extract<Adjustment, { kind: 'reprice' }>;
interface Range {
  low: number;
  value: number;
  high: number;
}

interface Props {
  adjustment: Repricing;
  names: Names;
  format: Format;
}

/** Another price, why, how buyers answered to prices before, and what is expected of it. */
export function PriceWords({ adjustment, names, format }: Props) {
  const { facts, region, currency } = adjustment;
  const { wasMinor, becomesMinor, unitsNow, unitsExpected, coverNow, coverBefore, reason, others } = facts;
  const money = (minor: number) => format.money(minor, currency);
  const signed = (value: number, text: (value: number) => string) =>
    value === 0 ? text(0) : `${value > 0 ? '+' : '−'}${text(Math.abs(value))}`;
  const ranged = ({ low, value, high }: Range, text: (value: number) => string) => ({
    value: signed(value, text),
    low: signed(low, text),
    high: signed(high, text),
  });
  const elasticity = ranged(facts.elasticity, (value) => format.number(Math.round(value * 10) / 10));
  const [margin, net, units] = [
    ranged(facts.marginMinor, money),
    ranged(facts.netMinor, money),
    ranged(facts.units, (value) => format.number(value)),
  ];
  return (
    <>
      <h3>
        {t('desk.guidance.price', {
          what: variantName(names, facts.variantId),
          where: regionName(names, region),
          was: money(wasMinor),
          becomes: money(becomesMinor),
        })}
      </h3>
      <p>
        {t(`desk.guidance.price.${reason}`, {
          units: format.number(unitsNow),
          expected: format.number(unitsExpected),
          cover: format.number(coverNow ?? 0),
          before: format.number(coverBefore ?? 0),
        })}{' '}
        {t('desk.guidance.price.answer', {
          ...elasticity,
          weeks: format.number(facts.weeks),
          prices: format.number(facts.prices),
        })}{' '}
        {others > 0 && t('desk.guidance.price.others', { count: others })}
      </p>
      <p>
        <strong>{t('desk.guidance.price.brings', margin)}</strong>{' '}
        {t('desk.guidance.price.also', {
          units: units.value,
          unitsLow: units.low,
          unitsHigh: units.high,
          net: net.value,
          netLow: net.low,
          netHigh: net.high,
          cost: money(facts.costMinor),
        })}
      </p>
    </>
  );
}

/** What the last look at prices came to: also of how many nothing can be said, and why. */
export const PriceLookWords = ({ look, format }: { look: PriceLook; format: Format }) => (
  <p class="soft">
    {t('desk.guidance.price.look', { day: dayName(format, look.day), looked: format.number(look.looked) })}{' '}
    {look.looked > 0 &&
      t('desk.guidance.price.look.of', {
        proposed: format.number(look.proposed),
        unsure: format.number(look.unsure),
        uncosted: format.number(look.uncosted),
        noBetter: format.number(look.noBetter),
      })}
  </p>
);
