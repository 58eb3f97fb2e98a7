import type { Adjustment } from '#modules/guidance/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName } from './figures.tsx';
import { type Names, regionName } from './guidance-words.ts';

interface Props {
  adjustment: Extract<Adjustment, { kind: 'contact_carrier' }>;
  names: Names;
  format: Format;
}

const LETTER_ROWS = 9;

/** A carrier that comes late in one country: with whom it is compared, and a letter with the figures. */
export function CarrierWords({ adjustment, names, format }: Props) {
  const { id, facts, region, expectedUnits } = adjustment;
  const { carrier, due, late, othersDue, othersLate, elsewhereDue, elsewhereLate } = facts;
  const told = {
    carrier,
    where: regionName(names, region),
    late: format.number(late),
    due: format.number(due),
    share: format.percent(late / due),
    from: dayName(format, facts.from),
    to: dayName(format, facts.to),
  };
  const beside = (of: { due: number; late: number }) => ({
    ...told,
    late: format.number(of.late),
    due: format.number(of.due),
    share: format.percent(of.late / of.due),
  });
  const others = othersDue > 0 ? beside({ due: othersDue, late: othersLate }) : undefined;
  const elsewhere = elsewhereDue > 0 ? beside({ due: elsewhereDue, late: elsewhereLate }) : undefined;
  const letter = [
    t('desk.guidance.carrier.letter', told),
    ...(elsewhere ? [t('desk.guidance.carrier.letter.elsewhere', elsewhere)] : []),
    ...(others ? [t('desk.guidance.carrier.letter.others', others)] : []),
    t('desk.guidance.carrier.letter.ask', told),
  ].join('\n\n');
  return (
    <>
      <h3>{t('desk.guidance.carrier', told)}</h3>
      <p>
        {t('desk.guidance.carrier.why', told)} {others && t('desk.guidance.carrier.others', others)}{' '}
        {elsewhere && t('desk.guidance.carrier.elsewhere', elsewhere)}
      </p>
      <p>
        <strong>{t('desk.guidance.carrier.brings', { count: expectedUnits })}</strong>{' '}
        <a href="/desk/service">{t('desk.guidance.carrier.do')}</a>
      </p>
      <details>
        <summary>{t('desk.guidance.carrier.text')}</summary>
        <div class="field">
          <label for={`letter-${id}`}>{t('desk.guidance.carrier.text.label')}</label>
          <textarea id={`letter-${id}`} rows={LETTER_ROWS} readOnly>
            {letter}
          </textarea>
        </div>
      </details>
    </>
  );
}
