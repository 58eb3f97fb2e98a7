import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  type Archive,
  archiveErrors,
  archiveFile,
  archivesOf,
  type Intake,
  INTAKE_BYTES_MAX,
  intakeFor,
  intakesOf,
  STOPPED,
  stopIntake,
  type LeftOut,
  leftOutOf,
  receiveArchive,
  SIGHTS,
  wishArchive,
} from '#modules/archives/index.ts';
import {
  type ConsentEntry,
  consentHistory,
  consentOf,
  identityErrors,
  type Purpose,
} from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Table } from '../components/Table.tsx';
import { Layout } from '../layout.tsx';
import { isPlainKey, type PlainKey, say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { ConsentForm, ConsentHistory } from './privacy.tsx';
import { USES } from './uses.ts';

const PATH = '/account/data';
const MB = 1024 * 1024;
const FIELD_BYTES_MAX = 1000;
const FAULTS: Record<string, PlainKey> = {
  [archiveErrors.file_missing.code]: 'owned.import.missing',
  [archiveErrors.file_too_large.code]: 'owned.import.too_large',
  [archiveErrors.intake_running.code]: 'owned.import.running',
  [identityErrors.too_many_attempts.code]: 'owned.import.often',
};

interface Data {
  archives: Archive[];
  intakes: Intake[];
  history: ConsentEntry[];
  states: Record<Purpose, boolean>;
  timeZone: string;
}

async function readData({ db, config }: Deps, memberId: string): Promise<Data> {
  const [archives, intakes, history, states] = await Promise.all([
    archivesOf(db, memberId),
    intakesOf(db, memberId),
    consentHistory(db, { memberId }),
    consentOf(db, { memberId }),
  ]);
  return { archives, intakes, history, states, timeZone: config.timeZone };
}

/** What a member takes along and brings, and what is done with what is known of them. */
export const dataPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(PATH, page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const data = await readData(deps, memberId);
    return reply.page((about) => <DataPage page={about} data={data} />);
  });

  app.post(
    `${PATH}/exports`,
    page('member', { body: exactly({ id: Id }) }),
    async ({ viewer: { memberId = '' }, body: { id } }, reply) => {
      await wishArchive(deps, memberId, id);
      return sendOn(reply, PATH, 'owned.export.asked');
    },
  );

  app.get(
    `${PATH}/exports/:id/file`,
    { ...page('member', { params: Type.Object({ id: Id }) }), exposeHeadRoute: false },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      const { stream, byteSize } = await archiveFile(deps, memberId, id);
      return reply
        .type('application/zip')
        .header('content-length', byteSize)
        .header('content-disposition', 'attachment; filename="archive.zip"')
        .header('cache-control', 'private, no-store')
        .send(stream);
    },
  );

  app.get(
    `${PATH}/imports/:id`,
    page('member', {
      params: Type.Object({ id: Id }),
      querystring: exactly({ after: Type.Integer({ minimum: -1, maximum: 1_000_000, default: -1 }) }),
    }),
    async ({ viewer: { memberId = '' }, params: { id }, query: { after } }, reply) => {
      const intake = await intakeFor(deps.db, memberId, id);
      const leftOut = await leftOutOf(deps.db, id, after);
      return reply.page((about) => (
        <IntakePage page={about} intake={intake} leftOut={leftOut} timeZone={deps.config.timeZone} />
      ));
    },
  );
  app.post(
    `${PATH}/imports/:id/stop`,
    page('member', { params: Type.Object({ id: Id }) }),
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(deps.db, (tx) => stopIntake(tx, memberId, id, deps.now()));
      return sendOn(reply, `${PATH}/imports/${id}`);
    },
  );
  await app.register(bringing, { ...deps, prefix: '' });
};

/** The form that brings an archive; its fields stand before the file. */
const bringing: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const limits = { fileSize: INTAKE_BYTES_MAX, files: 1, fields: 4, fieldSize: FIELD_BYTES_MAX, parts: 5 };
  await app.register(multipart, { limits: { ...limits, headerPairs: 20 }, throwFileSizeLimit: false });
  app.post(`${PATH}/imports`, { ...page('member'), bodyLimit: INTAKE_BYTES_MAX }, async (request, reply) => {
    const { memberId = '' } = request.viewer;
    try {
      const fields: Record<string, string> = {};
      let isBrought = false;
      if (request.isMultipart())
        for await (const part of request.parts()) {
          if (part.type === 'field') fields[part.fieldname] = String(part.value);
          else if (part.filename) {
            const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.exec(fields['id'] ?? '')?.[0] ?? newId();
            const sight = SIGHTS.find((each) => each === fields['sight']) ?? 'secret';
            await receiveArchive(deps, memberId, { id, sight, file: part.file });
            isBrought = true;
          } else part.file.resume();
        }
      if (!isBrought) throw archiveErrors.file_missing({});
    } catch (error) {
      const fault = error instanceof AppError ? FAULTS[error.code] : undefined;
      if (!fault || !(error instanceof AppError)) throw error;
      void reply.code(error.status);
      const data = await readData(deps, memberId);
      return reply.page((about) => <DataPage page={about} data={data} fault={fault} />);
    }
    return sendOn(reply, PATH, 'owned.import.sent');
  });
};

function DataPage({ page: about, data, fault }: { page: Page; data: Data; fault?: PlainKey }) {
  return (
    <Layout page={about} title={t('owned.title')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('owned.title')}</h1>
          <p>{t('owned.lead')}</p>
          <ul class="account-links">
            <li>
              <a href="/account/made">{t('owned.made_link')}</a>
            </li>
            <li>
              <a href="/account/privacy">{t('owned.privacy_link')}</a>
            </li>
            <li>
              <a href="/account#erase">{t('owned.erase_link')}</a>
            </li>
          </ul>
        </header>
        <Export page={about} {...data} />
        <Import page={about} {...data} fault={fault} />
        <Uses />
        <ConsentForm page={about} states={data.states} />
        <ConsentHistory page={about} history={data.history} timeZone={data.timeZone} />
      </div>
    </Layout>
  );
}

/** All that is known, use by use, as `USES` declares. */
function Uses() {
  return (
    <section aria-labelledby="uses">
      <h2 id="uses">{t('use.title')}</h2>
      <p>{t('use.lead')}</p>
      {USES.map(({ code, basis }) => (
        <div key={code} class="use">
          <h3>{t(`use.${code}`)}</h3>
          <dl class="use-facts">
            <dt>{t('use.what')}</dt>
            <dd>{t(`use.${code}.what`)}</dd>
            <dt>{t('use.why')}</dt>
            <dd>{t(`use.${code}.why`)}</dd>
            <dt>{t('use.basis')}</dt>
            <dd>{t(`use.basis.${basis}`)}</dd>
            <dt>{t('use.kept')}</dt>
            <dd>{t(`use.${code}.kept`)}</dd>
            <dt>{t('use.sees')}</dt>
            <dd>{t(`use.${code}.sees`)}</dd>
          </dl>
        </div>
      ))}
      <h3>{t('use.looked.title')}</h3>
      <p>{t('use.looked')}</p>
    </section>
  );
}

function Export({ page: { format }, archives, timeZone }: Data & { page: Page }) {
  const dayOf = (at: Date) => format.dateTime(at, timeZone);
  return (
    <section aria-labelledby="export">
      <h2 id="export">{t('owned.export')}</h2>
      <p>{t('owned.export.text')}</p>
      <form method="post" action={`${PATH}/exports`} class="form">
        <input type="hidden" name="id" value={newId()} />
        <Button>{t('owned.export.ask')}</Button>
      </form>
      {archives.length === 0 && <p class="soft">{t('owned.export.none')}</p>}
      <ul class="rows">
        {archives.map(({ id, askedAt, madeAt, expiresAt, key, byteSize }) => (
          <li key={id}>
            <div>
              {!madeAt && <span>{t('owned.export.being_made', { day: dayOf(askedAt) })}</span>}
              {madeAt && key !== null && (
                <>
                  <a href={`${PATH}/exports/${id}/file`}>{t('owned.export.ready', { day: dayOf(madeAt) })}</a>
                  <span class="soft">
                    {t('owned.export.until', {
                      size: t('owned.export.size', { size: format.number((byteSize ?? 0) / MB, 1) }),
                      day: expiresAt ? dayOf(expiresAt) : '',
                    })}
                  </span>
                </>
              )}
              {madeAt && key === null && (
                <span class="soft">{t('owned.export.gone', { day: dayOf(madeAt) })}</span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Import({
  page: { format },
  intakes,
  timeZone,
  fault,
}: Data & { page: Page; fault: PlainKey | undefined }) {
  const dayOf = (at: Date) => format.dateTime(at, timeZone);
  return (
    <section aria-labelledby="import">
      <h2 id="import">{t('owned.import')}</h2>
      <p>{t('owned.import.text')}</p>
      <form method="post" action={`${PATH}/imports`} class="form" enctype="multipart/form-data">
        <input type="hidden" name="id" value={newId()} />
        <fieldset class="choices">
          <legend>{t('owned.import.sight')}</legend>
          {SIGHTS.map((sight) => (
            <label key={sight} class="check">
              <input type="radio" name="sight" value={sight} checked={sight === 'secret'} />
              <span>{t(`owned.import.${sight}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="archive">{t('owned.import.file')}</label>
          <input
            id="archive"
            type="file"
            name="file"
            accept=".zip,application/zip"
            required
            {...(fault && { 'aria-invalid': 'true', 'aria-describedby': 'archive-error' })}
          />
          {fault && (
            <p class="field-error" id="archive-error">
              {say(fault)}
            </p>
          )}
        </div>
        <Button look="plain">{t('owned.import.send')}</Button>
      </form>
      <ul class="rows">
        {intakes.map((intake) => (
          <li key={intake.id}>
            <div>
              <strong>{t('owned.import.of', { day: dayOf(intake.askedAt) })}</strong>
              <span class="soft">{standing(intake, dayOf)}</span>
            </div>
            <a href={`${PATH}/imports/${intake.id}`}>{t('owned.import.see')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function standing(
  { state, refusal, steps, total, taken, known, goesOnAt }: Intake,
  dayOf: (at: Date) => string,
): string {
  if (refusal === STOPPED)
    return t('owned.import.stopped', { taken, known, left: Math.max(0, total - steps) });
  if (state === 'refused') return t('owned.import.refused', { why: whyOf(refusal ?? '') });
  if (state === 'done') return t('owned.import.done', { taken, known });
  if (goesOnAt)
    return t('owned.import.goes_on', { steps: Math.min(steps, total), total, moment: dayOf(goesOnAt) });
  return total === 0
    ? t('owned.import.begins')
    : t('owned.import.waiting', { steps: Math.min(steps, total), total });
}

function whyOf(reason: string): string {
  const key = `owned.why.${reason}`;
  return isPlainKey(key) ? say(key) : t('owned.why.other');
}

function kindOf(kind: string): string {
  const key = `owned.kind.${kind}`;
  return isPlainKey(key) ? say(key) : t('owned.kind.thing');
}

interface IntakeProps {
  page: Page;
  intake: Intake;
  leftOut: readonly LeftOut[];
  timeZone: string;
}

function IntakePage({ page: about, intake, leftOut, timeZone }: IntakeProps) {
  const last = leftOut.at(-1);
  const dayOf = (at: Date) => about.format.dateTime(at, timeZone);
  return (
    <Layout page={about} title={t('owned.import')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('owned.import.of', { day: dayOf(intake.askedAt) })}</h1>
          <p role="status">{standing(intake, dayOf)}</p>
          {intake.state === 'waiting' && (
            <>
              <progress max={Math.max(intake.total, 1)} value={Math.min(intake.steps, intake.total)} />
              <ButtonLink href={`${PATH}/imports/${intake.id}`} look="plain">
                {t('owned.import.again')}
              </ButtonLink>
              <form method="post" action={`${PATH}/imports/${intake.id}/stop`}>
                <Button look="plain">{t('owned.import.stop')}</Button>
              </form>
            </>
          )}
          <a href={PATH}>{t('owned.title')}</a>
        </header>
        <section aria-labelledby="left">
          <h2 id="left">{t('owned.import.left')}</h2>
          {leftOut.length === 0 ? (
            <p class="soft">{intake.state === 'done' && t('owned.import.left.none')}</p>
          ) : (
            <Table
              caption={t('owned.import.left')}
              rows={leftOut}
              rowKey={({ step }) => String(step)}
              cards
              columns={[
                {
                  title: t('owned.import.left.what'),
                  cell: ({ what, words }) => words || what || t('owned.import.left.unnamed'),
                },
                { title: t('made.kind'), cell: ({ kind }) => kindOf(kind) },
                { title: t('owned.import.left.why'), cell: ({ reason }) => whyOf(reason) },
              ]}
            />
          )}
          {last && leftOut.length >= 200 && (
            <a href={`${PATH}/imports/${intake.id}?after=${last.step}`}>{t('owned.import.left.more')}</a>
          )}
        </section>
      </div>
    </Layout>
  );
}
