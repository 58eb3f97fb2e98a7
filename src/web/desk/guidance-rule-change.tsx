import type { Adjustment, RuleName } from '#modules/guidance/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName } from './figures.tsx';

interface Props {
  adjustment: Extract<Adjustment, { kind: 'change_rules' }>;
  format: Format;
}

/** A routing rule with which the same orders would have come cheaper or sooner, and the form in which a person changes it. */
export function RuleWords({ adjustment, format }: Props) {
  const { facts, expectedUnits, expectedMinor, currency } = adjustment;
  const { rule, was, becomes, today, tried } = facts;
  const money = (minor: number) => format.money(minor, currency);
  return (
    <>
      <h3>
        {t('desk.guidance.rule', {
          rule: t(`desk.guidance.rule.${rule}`),
          was: valueName(rule, was),
          becomes: valueName(rule, becomes),
        })}
      </h3>
      <p>
        {t('desk.guidance.rule.why', {
          orders: format.number(facts.orders),
          from: dayName(format, facts.from),
          to: dayName(format, facts.to),
          cost: money(tried.costMinor),
          costNow: money(today.costMinor),
          inTime: format.number(tried.inTime),
          inTimeNow: format.number(today.inTime),
          parcels: format.number(tried.parcels),
          parcelsNow: format.number(today.parcels),
          fill: format.percent(tried.fillRate),
          fillNow: format.percent(today.fillRate),
        })}
      </p>
      <p>
        <strong>
          {t('desk.guidance.rule.brings', {
            saved: money(expectedMinor ?? 0),
            orders: format.number(expectedUnits),
          })}
        </strong>{' '}
        <a href={`/desk/routing?${new URLSearchParams({ rule, to: becomes }).toString()}`}>
          {t('desk.guidance.rule.do')}
        </a>
      </p>
    </>
  );
}

function valueName(rule: RuleName, value: string): string {
  if (rule !== 'split') return value;
  return t(
    value === 'never'
      ? 'desk.routing.split.never'
      : value === 'between_lines'
        ? 'desk.routing.split.between_lines'
        : 'desk.routing.split.within_line',
  );
}
