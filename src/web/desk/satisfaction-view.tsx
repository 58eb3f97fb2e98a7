import {
  CHANGE_DAYS_MAX,
  type Consistency,
  type FirstContactRow,
  type FigureKey,
  MAILS_AFTER_HOURS_MAX,
  OCCASIONS,
  type Occasion,
  OPEN_DAYS_MAX,
  RANGE,
  type Remark,
  REST_DAYS_MAX,
  type Rule,
  type SatisfactionRow,
  type SatisfactionSettings,
} from '#modules/satisfaction/index.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';
import { wholeIn } from './typed.ts';

type Key = Exclude<FigureKey, 'none'>;

export interface SatisfactionView {
  periods: readonly number[];
  days: number;
  from: string;
  to: string;
  occasion: Occasion | undefined;
  tables: { key: Key; rows: SatisfactionRow[]; total: SatisfactionRow }[];
  consistency: { csat: Consistency; nps: Consistency };
  /** Undefined where nobody asked anything. */
  first: FirstContactRow | undefined;
  /** Undefined for who may not read what people wrote. */
  remarks: Remark[] | undefined;
  places: ReadonlyMap<string, string>;
  rules: Rule[];
  settings: SatisfactionSettings;
  timeZone: string;
}

interface Props {
  page: Page;
  view: SatisfactionView;
  maySet: boolean;
  isFaulty: boolean;
}

export function ruleIn(body: {
  occasion: Occasion;
  scale: string;
  hours: string;
  percent: string;
}): Rule | undefined {
  const mailsAfterHours = wholeIn(body.hours, 0, MAILS_AFTER_HOURS_MAX);
  const mailedPercent = wholeIn(body.percent, 0, 100);
  const scale = body.scale === 'csat' || body.scale === 'nps' ? body.scale : undefined;
  return scale && mailsAfterHours !== undefined && mailedPercent !== undefined
    ? { occasion: body.occasion, scale, mailsAfterHours, mailedPercent }
    : undefined;
}

export function settingsIn(body: {
  rest: string;
  open: string;
  changes: string;
}): SatisfactionSettings | undefined {
  const restDays = wholeIn(body.rest, 0, REST_DAYS_MAX);
  const openDays = wholeIn(body.open, 1, OPEN_DAYS_MAX);
  const changeDays = wholeIn(body.changes, 0, CHANGE_DAYS_MAX);
  return restDays !== undefined && openDays !== undefined && changeDays !== undefined
    ? { restDays, openDays, changeDays }
    : undefined;
}

export function SatisfactionPage({ page: about, view, maySet, isFaulty }: Props) {
  const { format } = about;
  const { tables, from, to, consistency } = view;
  const isEmpty = tables.every(({ total }) => total.owed === 0);
  return (
    <DeskShell page={about} title={t('desk.satisfaction')}>
      <header class="desk-head">
        <h1>{t('desk.satisfaction')}</h1>
        <p class="soft">{t('desk.satisfaction.lead', { from: format.day(from), to: format.day(to) })}</p>
      </header>
      {isFaulty && (
        <Notice kind="error">
          {t('desk.satisfaction.fault', { hours: MAILS_AFTER_HOURS_MAX, days: REST_DAYS_MAX })}
        </Notice>
      )}
      <Choices view={view} />
      {isEmpty ? (
        <EmptyState title={t('desk.satisfaction.none.title')} text={t('desk.satisfaction.none.text')} />
      ) : (
        <>
          {tables.map((table) => (
            <Rows key={table.key} table={table} view={view} format={format} />
          ))}
          <section class="panel" aria-labelledby="consistency">
            <h2 id="consistency">{t('desk.satisfaction.consistency')}</h2>
            <p class="soft small">{t('desk.satisfaction.consistency.lead', { count: 20 })}</p>
            <Consistent scale={t('desk.satisfaction.csat')} found={consistency.csat} format={format} />
            <Consistent scale={t('desk.satisfaction.nps')} found={consistency.nps} format={format} />
          </section>
        </>
      )}
      <FirstContact first={view.first} format={format} />
      {view.remarks && <Remarks remarks={view.remarks} format={format} timeZone={view.timeZone} />}
      <Rules view={view} maySet={maySet} />
    </DeskShell>
  );
}

function Choices({ view: { periods, days, occasion } }: { view: SatisfactionView }) {
  const href = (asked: { days: number; occasion: string | undefined }) =>
    `/desk/satisfaction?days=${asked.days}${asked.occasion ? `&occasion=${asked.occasion}` : ''}`;
  return (
    <>
      <nav class="presets" aria-label={t('desk.satisfaction.period')}>
        {periods.map((each) => (
          <a
            key={each}
            href={href({ days: each, occasion })}
            aria-current={each === days ? 'page' : undefined}
          >
            {t('desk.satisfaction.days', { days: each })}
          </a>
        ))}
      </nav>
      <nav class="presets" aria-label={t('desk.satisfaction.occasion')}>
        {[undefined, ...OCCASIONS].map((each) => (
          <a
            key={each ?? ''}
            href={href({ days, occasion: each })}
            aria-current={each === occasion ? 'page' : undefined}
          >
            {t(`desk.satisfaction.occasion.${each ?? 'all'}`)}
          </a>
        ))}
      </nav>
    </>
  );
}

interface RowsProps {
  table: SatisfactionView['tables'][number];
  view: SatisfactionView;
  format: Format;
}

function Rows({ table: { key, rows, total }, view, format }: RowsProps) {
  const title = t(`desk.satisfaction.by.${key}`);
  const count = (of: 'owed' | 'mailed' | 'answered') => ({
    title: t(`desk.satisfaction.${of}`),
    figures: true,
    cell: (row: SatisfactionRow) => format.number(row[of]),
    total: format.number(total[of]),
  });
  const figure = (of: 'csat' | 'nps') => ({
    title: t(`desk.satisfaction.${of}`),
    hint: t(`desk.satisfaction.${of}.hint`),
    figures: true,
    cell: (row: SatisfactionRow) => figureText(row, of, format),
    total: figureText(total, of, format),
  });
  return (
    <section class="panel" aria-labelledby={`by-${key}`}>
      <h2 id={`by-${key}`}>{title}</h2>
      <Table
        caption={title}
        rows={rows}
        rowKey={(row) => row.key}
        columns={[
          { title, cell: (row) => nameOf(key, row.key, view, format), total: t('desk.satisfaction.all') },
          count('owed'),
          count('mailed'),
          count('answered'),
          figure('csat'),
          figure('nps'),
        ]}
      />
    </section>
  );
}

function nameOf(key: Key, value: string, { places }: SatisfactionView, format: Format): string {
  if (key === 'occasion') return occasionName(value);
  if (key === 'touchpoint') return touchpointName(value);
  if (key === 'day') return format.day(value);
  if (key === 'region') return value || t('desk.satisfaction.no_region');
  return places.get(value) ?? t('desk.satisfaction.no_store');
}

const occasionName = (name: string): string =>
  t(`desk.satisfaction.occasion.${OCCASIONS.find((each) => each === name) ?? 'all'}`);

/** With its standard error and how many answered; of few it says that they are few. */
function figureText(row: SatisfactionRow, of: 'csat' | 'nps', format: Format): string {
  const { value, standardError, n, isSmall } = row[of];
  if (value === null || standardError === null) return t('desk.satisfaction.nothing');
  const told = {
    value: of === 'csat' ? format.percent(value) : format.number(value, 0),
    error: of === 'csat' ? format.number(standardError * 100, 1) : format.number(standardError, 1),
    count: format.number(n),
  };
  return isSmall ? t('desk.satisfaction.figure.small', told) : t('desk.satisfaction.figure', told);
}

function Consistent({ scale, found, format }: { scale: string; found: Consistency; format: Format }) {
  const { value, n, worst, test } = found;
  if (value === null) return <p>{t('desk.satisfaction.consistency.few', { scale })}</p>;
  const isBelow = worst !== null && worst.gap < 0;
  return (
    <>
      <p>
        {t('desk.satisfaction.consistency.value', {
          scale,
          value: format.number(value, 3),
          count: format.number(n),
        })}{' '}
        {isBelow
          ? t('desk.satisfaction.worst', {
              touchpoint: touchpointName(worst.touchpoint),
              gap: format.number(-100 * worst.gap, 1),
            })
          : t('desk.satisfaction.worst.none')}
      </p>
      <p class="soft">
        {!test || test.p === null
          ? t('desk.satisfaction.test.few')
          : t('desk.satisfaction.test', {
              value: format.number(test.chiSquared, 2),
              degrees: test.degrees,
              p: format.number(test.p, 4),
            })}
      </p>
    </>
  );
}

function FirstContact({ first, format }: { first: FirstContactRow | undefined; format: Format }) {
  return (
    <section class="panel" aria-labelledby="first">
      <h2 id="first">{t('desk.satisfaction.first')}</h2>
      <p class="soft small">{t('desk.satisfaction.first.lead')}</p>
      <p>
        {first === undefined
          ? t('desk.satisfaction.first.none')
          : t('desk.satisfaction.first.value', {
              value: first.value === null ? t('desk.satisfaction.nothing') : format.percent(first.value),
              resolved: format.number(first.resolved),
              matters: format.number(first.matters),
              open: format.number(first.open),
            })}
      </p>
    </section>
  );
}

function Remarks({
  remarks,
  format,
  timeZone,
}: {
  remarks: readonly Remark[];
  format: Format;
  timeZone: string;
}) {
  return (
    <section class="panel" aria-labelledby="remarks">
      <h2 id="remarks">{t('desk.satisfaction.remarks')}</h2>
      {remarks.length === 0 ? (
        <p class="soft">{t('desk.satisfaction.remarks.none')}</p>
      ) : (
        <ul class="rows">
          {remarks.map(({ id, words, score, scale, occasion, touchpoint, givenAt }) => (
            <li key={id}>
              <span>{words}</span>
              <span class="soft small">
                {t('desk.satisfaction.remark', {
                  score,
                  highest: RANGE[scale].highest,
                  occasion: occasionName(occasion),
                  touchpoint: touchpointName(touchpoint),
                  day: format.dateTime(givenAt, timeZone),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const scaleName = (scale: Rule['scale']) => t(`desk.satisfaction.scale.${scale}`);

function Rules({ view: { rules, settings }, maySet }: { view: SatisfactionView; maySet: boolean }) {
  return (
    <section class="panel" aria-labelledby="rules">
      <h2 id="rules">{t('desk.satisfaction.rules')}</h2>
      <p class="soft">{t('desk.satisfaction.rules.lead')}</p>
      <Table
        caption={t('desk.satisfaction.rules')}
        rows={rules}
        rowKey={({ occasion }) => occasion}
        columns={[
          { title: t('desk.satisfaction.occasion'), cell: ({ occasion }) => occasionName(occasion) },
          { title: t('desk.satisfaction.scale'), cell: ({ scale }) => scaleName(scale) },
          {
            title: t('desk.satisfaction.hours'),
            figures: true,
            cell: (rule) => String(rule.mailsAfterHours),
          },
          {
            title: t('desk.satisfaction.percent'),
            figures: true,
            cell: (rule) => String(rule.mailedPercent),
          },
        ]}
      />
      {maySet && <RuleForm />}
      {maySet && <SettingsForm settings={settings} />}
    </section>
  );
}

const RuleForm = () => (
  <form method="post" action="/desk/satisfaction/rules" class="form admin-form">
    <Select
      name="occasion"
      label={t('desk.satisfaction.occasion')}
      options={OCCASIONS.map((value) => ({ value, label: occasionName(value) }))}
    />
    <Select
      name="scale"
      label={t('desk.satisfaction.scale')}
      options={(['csat', 'nps'] as const).map((value) => ({ value, label: scaleName(value) }))}
    />
    <Field name="hours" type="number" label={t('desk.satisfaction.hours')} value="24" required />
    <Field name="percent" type="number" label={t('desk.satisfaction.percent')} value="100" required />
    <Button>{t('desk.satisfaction.save')}</Button>
  </form>
);

const SettingsForm = ({ settings }: { settings: SatisfactionSettings }) => (
  <form method="post" action="/desk/satisfaction/settings" class="form admin-form">
    <Field
      name="rest"
      type="number"
      label={t('desk.satisfaction.rest')}
      value={String(settings.restDays)}
      required
    />
    <Field
      name="open"
      type="number"
      label={t('desk.satisfaction.open')}
      value={String(settings.openDays)}
      required
    />
    <Field
      name="changes"
      type="number"
      label={t('desk.satisfaction.changes')}
      value={String(settings.changeDays)}
      required
    />
    <Button>{t('desk.satisfaction.save')}</Button>
  </form>
);
