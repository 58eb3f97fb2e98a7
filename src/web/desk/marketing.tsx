import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { actorOf } from '#modules/identity/index.ts';
import { businessDayAt, shiftDay } from '#modules/insight/index.ts';
import {
  noteSpend,
  type SpendLine,
  type SpendOutcome,
  spendSeen,
  type StandingSpend,
} from '#modules/marketing/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { dayName } from './figures.tsx';
import { SPEND_COLUMNS, SPEND_LINES_MAX, spendLine, spendOfSheet } from './marketing-sheet.ts';
import { CREDIT_READERS } from './sections.ts';
import { DeskShell } from './shell.tsx';
import { faultAt, faultWith, type LineFault, type StockFault } from './stock-shell.tsx';
import { takeUploads, uploadIn } from './upload.ts';

const PATH = '/desk/marketing';
const MEGABYTES_MAX = 2;
const FILE_BYTES_MAX = MEGABYTES_MAX * 1024 * 1024;
const DAYS_SHOWN = 90;
const LINES_SHOWN = 200;
const SOURCE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const SOURCE_MAX = 60;
const BLANK = { source: '', reference: '', day: '', region: '', campaign: '', amount: '', currency: '' };
type Typed = typeof BLANK;

interface Told {
  counts: Record<SpendOutcome['outcome'], number>;
  refused: LineFault[];
}

interface View {
  lines: StandingSpend[];
  typed: Typed;
  fault?: StockFault | undefined;
  told?: Told | undefined;
}

/** What was spent to bring buyers: typed line by line, or from a sheet. */
export const marketingPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  await takeUploads(app, { fileSize: FILE_BYTES_MAX, fieldSize: 1_000 });
  const today = () => businessDayAt(now(), config.timeZone);
  const blank = () => ({ ...BLANK, day: today(), currency: config.currency });
  const show = async (reply: FastifyReply, view: Omit<View, 'lines'>) => {
    const days = { from: shiftDay(today(), -DAYS_SHOWN), to: today() };
    const { lines } = await spendSeen(db, { ...days, limit: LINES_SHOWN });
    return reply.page((about) => <MarketingPage page={about} view={{ ...view, lines }} />);
  };

  app.get(PATH, page(CREDIT_READERS), (_request, reply) => show(reply, { typed: blank() }));

  app.post(PATH, page(CREDIT_READERS), async (request, reply) => {
    const { file, isTooLarge, ...typed } = await uploadIn(request, BLANK);
    const read = readOf(typed, file, isTooLarge);
    if ('status' in read) return show(reply.code(read.status), { typed, fault: read });
    const by = { actor: actorOf(request.viewer), today: today(), now: now() };
    const outcomes = await inTransaction(db, (tx) => noteSpend(tx, typed.source.trim(), read.lines, by));
    const told = toldOf(read, outcomes);
    const isRefused = told.refused.length > 0;
    if (isRefused) reply.code(422);
    return show(reply, { typed: isRefused ? typed : { ...blank(), source: typed.source }, told });
  });
};

type Read = { lines: SpendLine[]; lineOf: number[]; refused: LineFault[] };

function readOf(typed: Typed, file: Buffer | undefined, isTooLarge: boolean): Read | StockFault {
  const source = typed.source.trim();
  if (!SOURCE.test(source) || source.length > SOURCE_MAX)
    return faultWith('source', t('desk.marketing.wrong.source'));
  if (isTooLarge) return faultWith('file', t('desk.prices.file.size', { megabytes: MEGABYTES_MAX }));
  if (file) return spendOfSheet(file);
  const { line, why } = spendLine((column) => typed[column].trim());
  return why.length > 0
    ? { lines: [], lineOf: [], refused: [{ line: 1, text: why.join(' ') }] }
    : { lines: [line], lineOf: [1], refused: [] };
}

function toldOf({ lineOf, refused }: Read, outcomes: readonly SpendOutcome[]): Told {
  const told: Told = {
    counts: { added: 0, changed: 0, removed: 0, same: 0, refused: refused.length },
    refused: [...refused],
  };
  for (const [n, { outcome, refusal, reference }] of outcomes.entries()) {
    told.counts[outcome] += 1;
    if (refusal)
      told.refused.push({
        line: lineOf[n] ?? 0,
        text: t(`desk.marketing.refusal.${refusal}`, { reference }),
      });
  }
  told.refused.sort((one, other) => one.line - other.line);
  return told;
}

function MarketingPage({ page: about, view }: { page: Page; view: View }) {
  const { lines, told } = view;
  return (
    <DeskShell page={about} title={t('desk.marketing')}>
      <header class="desk-head">
        <h1>{t('desk.marketing')}</h1>
        <p class="soft">{t('desk.marketing.lead')}</p>
      </header>
      {told && <ToldOf told={told} format={about.format} />}
      <SpendForm page={about} view={view} />
      {lines.length === 0 ? (
        <EmptyState title={t('desk.marketing.none.title')} text={t('desk.marketing.none.text')} />
      ) : (
        <section aria-labelledby="spent">
          <h2 id="spent">{t('desk.marketing.spent')}</h2>
          <Lines page={about} lines={lines} />
        </section>
      )}
    </DeskShell>
  );
}

function ToldOf({ told: { counts, refused }, format }: { told: Told; format: Page['format'] }) {
  const figures = {
    added: format.number(counts.added),
    changed: format.number(counts.changed),
    removed: format.number(counts.removed),
    same: format.number(counts.same),
    refused: format.number(counts.refused),
  };
  return (
    <Notice kind={refused.length > 0 ? 'error' : 'success'} title={t('desk.marketing.told')}>
      <p>{t('desk.marketing.counts', figures)}</p>
      {refused.length > 0 && (
        <ul class="line-faults">
          {refused.slice(0, LINES_SHOWN).map(({ line, text }) => (
            <li key={line}>{t('desk.stock.line', { line, text })}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

const Lines = ({ page: { format }, lines }: { page: Page; lines: readonly StandingSpend[] }) => (
  <Table
    caption={t('desk.marketing.table', { days: DAYS_SHOWN, most: LINES_SHOWN })}
    rows={lines}
    rowKey={({ source, reference, day }) => `${source} ${reference} ${day}`}
    columns={[
      { title: t('desk.marketing.day'), cell: ({ day }) => dayName(format, day) },
      { title: t('desk.marketing.source'), cell: ({ source }) => source },
      { title: t('desk.marketing.reference'), cell: ({ reference }) => reference },
      { title: t('desk.marketing.campaign'), cell: ({ campaign }) => campaign },
      { title: t('desk.marketing.market'), cell: ({ regionCode }) => regionCode },
      {
        title: t('desk.marketing.amount'),
        figures: true,
        cell: ({ amountMinor, currency }) => format.money(amountMinor, currency),
      },
    ]}
  />
);

function SpendForm({ page: { format }, view: { typed, fault } }: { page: Page; view: View }) {
  const field = (name: keyof Typed, type?: 'date') => (
    <Field
      name={name}
      {...(type && { type })}
      label={t(`desk.marketing.${name}`)}
      value={typed[name]}
      error={faultAt(fault, name)}
      input={{ autocomplete: 'off', maxlength: 120 }}
    />
  );
  return (
    <section class="admin-form panel" aria-labelledby="spend">
      <h2 id="spend">{t('desk.marketing.note')}</h2>
      <p class="hint">{t('desk.marketing.note.hint')}</p>
      {fault && !fault.field && <p class="error">{fault.text}</p>}
      <form method="post" action={`${PATH}#spend`} enctype="multipart/form-data" class="form" novalidate>
        <div class="form-row">
          <Field
            name="source"
            label={t('desk.marketing.source')}
            hint={t('desk.marketing.source.hint')}
            value={typed.source}
            required
            error={faultAt(fault, 'source')}
            input={{ autocomplete: 'off', maxlength: SOURCE_MAX }}
          />
          {field('reference')}
          {field('campaign')}
        </div>
        <div class="form-row">
          {field('day', 'date')}
          {field('region')}
          {field('amount')}
          {field('currency')}
        </div>
        <Field
          name="file"
          type="file"
          label={t('desk.marketing.file')}
          hint={t('desk.marketing.file.hint', {
            columns: SPEND_COLUMNS.join(', '),
            max: format.number(SPEND_LINES_MAX),
          })}
          error={faultAt(fault, 'file')}
          input={{ accept: '.csv,text/csv,text/plain' }}
        />
        <div class="actions">
          <Button>{t('desk.marketing.button')}</Button>
        </div>
      </form>
    </section>
  );
}
