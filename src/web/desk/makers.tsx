import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { actorOf, type Organization, organizations } from '#modules/identity/index.ts';
import {
  type BrandVoice,
  brandVoices,
  endVoice,
  letSpeak,
  REVIEW_SETTERS,
  reviewErrors,
} from '#modules/reviews/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { brandNames } from '#read/product-names.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Select } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { ORGANIZATIONS } from './organizations.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/makers';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface View {
  voices: readonly BrandVoice[];
  brands: readonly { id: string; slug: string; name: string }[];
  makers: readonly Organization[];
  typed: { brand: string; organization: string };
  fault: string | undefined;
}

/** Which maker speaks for which brand: set here, and ended here. */
export const makersPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const show = async (reply: FastifyReply, typed = { brand: '', organization: '' }, fault?: string) => {
    const [voices, brands, all] = await Promise.all([brandVoices(db), brandNames(db), organizations(db)]);
    const makers = all.filter(({ roles }) => roles.includes('maker'));
    return reply.page((about) => <MakersPage page={about} view={{ voices, brands, makers, typed, fault }} />);
  };
  app.get(PATH, page('staff'), (_request, reply) => show(reply));

  const wished = exactly({ id: Id, brand: Text(36), organization: Text(36) });
  app.post(PATH, page(REVIEW_SETTERS, { body: wished }), async ({ viewer, body }, reply) => {
    const { id, brand: brandId, organization: organizationId } = body;
    if (!UUID.test(brandId) || !UUID.test(organizationId))
      return show(reply.code(422), body, say('desk.makers.choose'));
    try {
      const wish = { id, brandId, organizationId };
      await inTransaction(db, (tx) => letSpeak(tx, actorOf(viewer), wish, now()));
      return sendOn(reply, PATH, 'desk.makers.set');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== reviewErrors.speaks_already.code) throw error;
      return show(reply.code(409), body, say('desk.makers.already'));
    }
  });

  app.post(`${PATH}/end`, page(REVIEW_SETTERS, { body: exactly({ id: Id }) }), async (request, reply) => {
    const { viewer, body } = request;
    await inTransaction(db, (tx) => endVoice(tx, actorOf(viewer), body.id, now()));
    return sendOn(reply, PATH, 'desk.makers.ended');
  });
};

function MakersPage({ page: about, view }: { page: Page; view: View }) {
  const { voices, makers, fault } = view;
  const maySet = mayEnter(about.viewer, REVIEW_SETTERS);
  return (
    <DeskShell page={about} title={t('desk.makers')}>
      <header class="desk-head">
        <h1>{t('desk.makers')}</h1>
        <p class="soft">{t('desk.makers.lead')}</p>
        <p>
          <a href={ORGANIZATIONS}>{t('desk.organizations')}</a>
        </p>
      </header>
      {fault && <Notice kind="error">{fault}</Notice>}
      {voices.length === 0 ? (
        <EmptyState title={t('desk.makers.none')} text={t('desk.makers.none.text')} />
      ) : (
        <Voices page={about} view={view} maySet={maySet} />
      )}
      {maySet && (makers.length === 0 ? <p>{t('desk.makers.no_organization')}</p> : <Add view={view} />)}
    </DeskShell>
  );
}

function Voices({ page: { format, viewer }, view, maySet }: { page: Page; view: View; maySet: boolean }) {
  const brands = new Map(view.brands.map((brand) => [brand.id, brand]));
  const mayManage = mayEnter(viewer, 'staff:admin');
  return (
    <Table
      caption={t('desk.makers')}
      rows={view.voices}
      rowKey={({ id }) => id}
      cards
      columns={[
        {
          title: t('desk.makers.brand'),
          cell: ({ brandId }) => {
            const brand = brands.get(brandId);
            return brand && <a href={`/b/${brand.slug}`}>{brand.name}</a>;
          },
        },
        {
          title: t('desk.makers.organization'),
          cell: ({ organizationId, organization }) =>
            mayManage ? <a href={`${ORGANIZATIONS}/${organizationId}`}>{organization}</a> : organization,
        },
        { title: t('desk.makers.from'), cell: ({ fromAt }) => format.date(fromAt) },
        {
          title: t('desk.makers.until'),
          cell: ({ id, untilAt }) =>
            untilAt ? (
              format.date(untilAt)
            ) : maySet ? (
              <form method="post" action={`${PATH}/end`}>
                <input type="hidden" name="id" value={id} />
                <button type="submit" class="text-button">
                  {t('desk.makers.end')}
                </button>
              </form>
            ) : (
              t('desk.makers.goes_on')
            ),
        },
      ]}
    />
  );
}

function Add({ view: { brands, makers, typed } }: { view: View }) {
  const choose = { value: '', label: '–' };
  return (
    <section class="admin-form panel" aria-labelledby="add">
      <h2 id="add">{t('desk.makers.add')}</h2>
      <form method="post" action={PATH} class="form" novalidate>
        <input type="hidden" name="id" value={newId()} />
        <div class="form-row">
          <Select
            name="brand"
            label={t('desk.makers.brand')}
            value={typed.brand}
            required
            options={[choose, ...brands.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <Select
            name="organization"
            label={t('desk.makers.organization')}
            value={typed.organization}
            required
            options={[choose, ...makers.map(({ id, name }) => ({ value: id, label: name }))]}
          />
        </div>
        <div class="actions">
          <Button>{t('desk.makers.add.button')}</Button>
        </div>
      </form>
    </section>
  );
}
