import type { PriceList, PriceOutcome } from '#modules/catalog/index.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { WayBack } from './price-list-view.tsx';
import { SHEET_COLUMNS, SHEET_LINES_MAX } from './price-sheet.ts';
import { PRICES } from './prices.tsx';
import { DeskShell } from './shell.tsx';
import { faultAt, type LineFault, type StockFault } from './stock-shell.tsx';

export interface FileTold {
  isTried: boolean;
  /** Something went wrong on the way: what had been written stays. */
  isStopped: boolean;
  counts: Record<PriceOutcome['outcome'], number>;
  changes: (PriceOutcome & { line: number; compareAtMinor: number | null })[];
  refused: LineFault[];
  doneCount: number;
  /** Of those that can be read. */
  lineCount: number;
}

const LINES_SHOWN = 500;

interface Props {
  page: Page;
  list: PriceList;
  fault?: StockFault;
  told?: FileTold;
  /** What was tried, to be set as it is. */
  sheet?: string;
}

export function FilePage({ page: about, list, fault, told, sheet }: Props) {
  const address = `${PRICES}/${list.id}/file`;
  const willChange = told?.isTried && told.changes.length > 0;
  return (
    <DeskShell page={about} title={t('desk.prices.file')}>
      <WayBack />
      <header class="desk-head">
        <h1>{t('desk.prices.file')}</h1>
        <p class="soft">
          <a href={`${PRICES}/${list.id}`}>{list.name}</a>. {t('desk.prices.file.lead')}
        </p>
      </header>
      {fault && !fault.field && <Unreadable fault={fault} />}
      {told && <Told page={about} list={list} told={told} />}
      {willChange && (
        <form method="post" action={address} enctype="multipart/form-data" class="form">
          <input type="hidden" name="sheet" value={sheet} />
          <Button>{t('desk.prices.file.apply')}</Button>
        </form>
      )}
      <form method="post" action={address} enctype="multipart/form-data" class="form stock-form">
        <Field
          name="file"
          type="file"
          label={told ? t('desk.prices.file.again') : t('desk.prices.file.field')}
          hint={t('desk.prices.file.hint', {
            columns: SHEET_COLUMNS.join(', '),
            max: about.format.number(SHEET_LINES_MAX),
          })}
          required
          error={faultAt(fault, 'file')}
          input={{ accept: '.csv,text/csv,text/plain' }}
        />
        <div class="actions">
          <Button look={willChange ? 'plain' : 'primary'}>{t('desk.prices.file.try')}</Button>
        </div>
      </form>
    </DeskShell>
  );
}

function Unreadable({ fault: { text, lines = [] } }: { fault: StockFault }) {
  return (
    <Notice kind="error" title={t('desk.prices.file.refused')}>
      <p>{text}</p>
      {lines.map(({ line, text: why }) => (
        <p key={line}>{t('desk.stock.line', { line, text: why })}</p>
      ))}
    </Notice>
  );
}

function Told({ page: { format }, list, told }: { page: Page; list: PriceList; told: FileTold }) {
  const { isTried, isStopped, counts, doneCount, lineCount } = told;
  const figures = {
    added: format.number(counts.added),
    changed: format.number(counts.changed),
    removed: format.number(counts.removed),
    same: format.number(counts.same),
    refused: format.number(counts.refused),
  };
  const kind = isStopped ? 'error' : isTried ? 'info' : 'success';
  const title = isStopped
    ? t('desk.prices.file.stopped')
    : isTried
      ? t('desk.prices.file.tried')
      : t('desk.prices.file.done');
  return (
    <>
      <Notice kind={kind} title={title}>
        {isStopped && (
          <p>
            {t('desk.prices.file.stopped.text', {
              count: format.number(lineCount),
              done: format.number(doneCount),
            })}
          </p>
        )}
        <p>{isTried ? t('desk.prices.file.would', figures) : t('desk.prices.file.counts', figures)}</p>
      </Notice>
      {told.refused.length > 0 && <Refused lines={told.refused} />}
      {told.changes.length > 0 && <Changes told={told} list={list} format={format} />}
    </>
  );
}

function Refused({ lines }: { lines: readonly LineFault[] }) {
  return (
    <section class="panel" aria-labelledby="refused">
      <h2 id="refused">{t('desk.prices.file.refusals')}</h2>
      <ul class="line-faults">
        {lines.slice(0, LINES_SHOWN).map(({ line, text }) => (
          <li key={line}>{t('desk.stock.line', { line, text })}</li>
        ))}
      </ul>
      <More count={lines.length - LINES_SHOWN} />
    </section>
  );
}

const More = ({ count }: { count: number }) =>
  count > 0 ? <p>{t('desk.prices.file.more', { count })}</p> : null;

function Changes({ told, list, format }: { told: FileTold; list: PriceList; format: Page['format'] }) {
  const money = (minor: number | null) => (minor === null ? '–' : format.money(minor, list.currency));
  return (
    <section class="panel" aria-labelledby="changes">
      <h2 id="changes">{t('desk.prices.file.changes')}</h2>
      <Table
        caption={t('desk.prices.file.changes')}
        rows={told.changes.slice(0, LINES_SHOWN)}
        rowKey={({ line }) => String(line)}
        columns={[
          { title: t('desk.prices.file.line'), cell: ({ line }) => format.number(line) },
          { title: t('desk.prices.sku'), cell: ({ sku }) => sku },
          {
            title: t('desk.prices.file.outcome'),
            cell: ({ outcome }) => (outcome === 'refused' ? '' : t(`desk.prices.outcome.${outcome}`)),
          },
          {
            title: t('desk.prices.file.was'),
            figures: true,
            cell: ({ beforeMinor }) => money(beforeMinor),
          },
          { title: t('desk.prices.file.is'), figures: true, cell: ({ amountMinor }) => money(amountMinor) },
          {
            title: t('desk.prices.before', { currency: list.currency }),
            figures: true,
            cell: ({ compareAtMinor }) => money(compareAtMinor),
          },
        ]}
      />
      <More count={told.changes.length - LINES_SHOWN} />
    </section>
  );
}
