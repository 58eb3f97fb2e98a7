import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { countPostcodePlaces, PLACES_MAX, putPostcodePlaces } from '#modules/market/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { marketRegions } from '#read/market-regions.ts';
import { POSTCODE_COLUMNS, postcodesIn } from '../../imports/postcode-file.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { CREDIT_READERS, CREDIT_WRITERS } from './sections.ts';
import { DeskShell } from './shell.tsx';
import { takeUploads, type Uploaded, uploadIn } from './upload.ts';

/** It is read in the server's own thread, a tenth of a second for so much. */
const FILE_MEGABYTES_MAX = 4;
const ADDRESS = '/desk/regions/postcodes';

interface View {
  countries: { name: string; count: number }[];
  fault?: string | undefined;
}

/** Where postcodes lie: merchants see of how many it is known, operations takes files in. */
export const regionPostcodesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads }) => {
  await takeUploads(app, { fileSize: FILE_MEGABYTES_MAX * 1024 * 1024, fieldSize: 100 });
  const show = async (reply: FastifyReply, fault?: string) => {
    const [counts, regions] = await Promise.all([countPostcodePlaces(reads), marketRegions(reads)]);
    const countries = counts.map(({ countryCode, count }) => ({
      name: regions.get(countryCode)?.name ?? countryCode,
      count,
    }));
    if (fault !== undefined) void reply.code(422);
    return reply.page((about) => <PostcodesPage page={about} view={{ countries, fault }} />);
  };
  app.get(ADDRESS, page(CREDIT_READERS), async (_request, reply) => show(reply));
  app.post(ADDRESS, page(CREDIT_WRITERS), async (request, reply) => {
    const fault = await takenOr(await uploadIn(request, {}));
    return fault === undefined ? sendOn(reply, ADDRESS, 'desk.postcodes.is_taken') : show(reply, fault);
  });

  /** All of the file, or why nothing of it. */
  async function takenOr({ file, isTooLarge }: Uploaded): Promise<string | undefined> {
    if (isTooLarge) return t('desk.postcodes.fault.size', { megabytes: FILE_MEGABYTES_MAX });
    if (!file) return t('desk.postcodes.fault.none');
    try {
      const places = postcodesIn('', file);
      await inTransaction(db, async (tx) => {
        for (let from = 0; from < places.length; from += PLACES_MAX)
          await putPostcodePlaces(tx, places.slice(from, from + PLACES_MAX));
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { line, detail = error.title } = error.data as { line?: number; detail?: string };
      return line === undefined
        ? t('desk.postcodes.fault.file', { detail })
        : t('desk.postcodes.fault.line', { line, detail });
    }
  }
};

function PostcodesPage({ page: about, view: { countries, fault } }: { page: Page; view: View }) {
  const { format, viewer } = about;
  return (
    <DeskShell page={about} title={t('desk.postcodes')}>
      <header class="desk-head">
        <p>
          <a href="/desk/regions">{t('desk.regions')}</a>
        </p>
        <h1>{t('desk.postcodes')}</h1>
        <p class="soft">{t('desk.postcodes.lead')}</p>
      </header>
      {countries.length === 0 ? (
        <EmptyState title={t('desk.postcodes.none.title')} text={t('desk.postcodes.none.text')} />
      ) : (
        <Table
          caption={t('desk.postcodes.table')}
          rows={countries}
          rowKey={({ name }) => name}
          columns={[
            { title: t('desk.postcodes.country'), cell: ({ name }) => name },
            { title: t('desk.postcodes.count'), figures: true, cell: ({ count }) => format.number(count) },
          ]}
        />
      )}
      {mayEnter(viewer, CREDIT_WRITERS) && (
        <section class="admin-form" aria-labelledby="add">
          <h2 id="add">{t('desk.postcodes.add')}</h2>
          <form method="post" action={ADDRESS} enctype="multipart/form-data" class="form">
            <Field
              name="file"
              type="file"
              label={t('desk.postcodes.file')}
              hint={t('desk.postcodes.file.hint', {
                columns: POSTCODE_COLUMNS.join(', '),
                megabytes: FILE_MEGABYTES_MAX,
              })}
              required
              error={fault}
              input={{ accept: '.txt,.csv,text/csv,text/plain' }}
            />
            <div class="actions">
              <Button>{t('desk.postcodes.button')}</Button>
            </div>
          </form>
        </section>
      )}
    </DeskShell>
  );
}
