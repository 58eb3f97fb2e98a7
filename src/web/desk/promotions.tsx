import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { regionsWithoutAddresses } from '#modules/market/index.ts';
import { idsOfSlugs, slugsOfIds } from '#modules/catalog/index.ts';
import {
  endPromotion,
  type Promotion,
  promotionOf,
  promotions,
  putPromotion,
  pricingErrors,
} from '#modules/pricing/index.ts';
import { mayEnter } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { PromotionForm } from './promotion-fields.tsx';
import {
  blank,
  PromotionBody,
  type PromotionErrors,
  type SlugIds,
  termsOf,
  type TypedPromotion,
  typedOf,
} from './promotion-form.ts';
import { DeskShell } from './shell.tsx';
import { wordsIn } from './typed.ts';

const WRITERS = 'staff:merchant';
const SHOWN = 50;
const Params = exactly({ id: Id });

interface View {
  id: string;
  title: string;
  typed: TypedPromotion;
  errors: PromotionErrors;
  fault?: PlainKey | undefined;
  canEnd: boolean;
  /** Its regions that no address lies in. */
  nowhere?: readonly string[];
}

/** Promotions: all staff see them, merchants change them. */
export const promotionPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const { timeZone } = config;

  const paging = exactly({ after: Type.Optional(Id) });
  app.get('/desk/promotions', page('staff', { querystring: paging }), async ({ query: { after } }, reply) => {
    const found = await promotions(db, { limit: SHOWN, ...(after && { cursor: after }) });
    return reply.page((about) => <ListPage page={about} {...found} now={now()} />);
  });

  app.get('/desk/promotions/new', page(WRITERS), async (_request, reply) => {
    const typed = blank(now(), timeZone, await marketplaceCurrency(reads));
    return show(reply, { id: newId(), title: t('desk.promotions.new'), typed, errors: {}, canEnd: false });
  });

  app.get('/desk/promotions/:id', page('staff', { params: Params }), async ({ params: { id } }, reply) => {
    const promotion = await promotionOf(db, id);
    const typed = typedOf(promotion, await slugsFor(reads, promotion), timeZone);
    const canEnd = stateOf(promotion, now()) !== 'ended';
    const nowhere = await regionsWithoutAddresses(reads, promotion.regionCodes);
    return show(reply, { id, title: promotion.name, typed, errors: {}, canEnd, nowhere });
  });

  const writing = page(WRITERS, { params: Params, body: PromotionBody });
  app.post('/desk/promotions/:id', writing, async ({ params: { id }, body: typed }, reply) => {
    const view = { id, title: typed.name || t('desk.promotions.new'), typed, canEnd: false };
    const { terms, errors } = termsOf(typed, await idsFor(reads, typed), timeZone);
    if (errors) return show(reply.code(422), { ...view, errors });
    try {
      await inTransaction(db, (tx) => putPromotion(tx, id, terms, now()));
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      return show(reply.code(409), { ...view, ...fault });
    }
    return sendOn(reply, '/desk/promotions', 'desk.promotions.saved');
  });

  app.post(
    '/desk/promotions/:id/end',
    page(WRITERS, { params: Params }),
    async ({ params: { id } }, reply) => {
      await inTransaction(db, (tx) => endPromotion(tx, id, now()));
      return sendOn(reply, '/desk/promotions', 'desk.promotions.ended');
    },
  );
};

const FAULTS = new Map<string, [field: keyof TypedPromotion, text: PlainKey]>([
  [pricingErrors.code_taken.code, ['code', 'desk.promotions.error.code_taken']],
  [pricingErrors.region_unknown.code, ['regions', 'desk.promotions.error.region']],
  [pricingErrors.currency_fixed.code, ['currency', 'desk.promotions.error.currency_fixed']],
  [pricingErrors.dates_reversed.code, ['to', 'desk.promotions.error.to']],
  [pricingErrors.used_more.code, ['uses_max', 'desk.promotions.error.used_more']],
  [pricingErrors.limit_too_late.code, ['uses_max', 'desk.promotions.error.limit_too_late']],
]);

function faultOf(error: unknown): Pick<View, 'errors' | 'fault'> | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === pricingErrors.promotion_ended.code)
    return { errors: {}, fault: 'desk.promotions.error.ended' };
  const known = FAULTS.get(error.code);
  return known && { errors: { [known[0]]: say(known[1]) } };
}

async function slugsFor(db: Db, { productIds, categoryIds, brandIds }: Promotion): Promise<SlugIds> {
  const [products, categories, brands] = await Promise.all([
    slugsOfIds(db, 'product', productIds),
    slugsOfIds(db, 'category', categoryIds),
    slugsOfIds(db, 'brand', brandIds),
  ]);
  return { products, categories, brands };
}

async function idsFor(db: Db, typed: TypedPromotion): Promise<SlugIds> {
  const [products, categories, brands] = await Promise.all([
    idsOfSlugs(db, 'product', wordsIn(typed.products)),
    idsOfSlugs(db, 'category', wordsIn(typed.categories)),
    idsOfSlugs(db, 'brand', wordsIn(typed.brands)),
  ]);
  return { products, categories, brands };
}

function stateOf({ validFrom, validTo }: Promotion, now: Date): 'coming' | 'on' | 'ended' {
  if (validTo !== null && Date.parse(validTo) <= now.getTime()) return 'ended';
  return Date.parse(validFrom) > now.getTime() ? 'coming' : 'on';
}

function show(reply: FastifyReply, { id, title, typed, errors, fault, canEnd, nowhere = [] }: View) {
  const count = Object.keys(errors).length;
  return reply.page((about) => {
    const mayWrite = mayEnter(about.viewer, WRITERS);
    return (
      <DeskShell page={about} title={title}>
        <header class="desk-head">
          <h1>{title}</h1>
        </header>
        {nowhere.length > 0 && (
          <Notice kind="warning">{t('desk.prices.nowhere', { regions: nowhere.join(', ') })}</Notice>
        )}
        {fault && <Notice kind="error">{say(fault)}</Notice>}
        {count > 0 && <Notice kind="error">{t('desk.promotions.errors', { count })}</Notice>}
        <PromotionForm action={`/desk/promotions/${id}`} typed={typed} errors={errors} mayWrite={mayWrite} />
        {canEnd && mayWrite && (
          <form method="post" action={`/desk/promotions/${id}/end`} class="form">
            <Button look="danger">{t('desk.promotions.end')}</Button>
          </form>
        )}
      </DeskShell>
    );
  });
}

interface ListProps {
  page: Page;
  promotions: readonly Promotion[];
  cursor: string | null;
  now: Date;
}

function ListPage({ page: about, promotions: rows, cursor, now }: ListProps) {
  return (
    <DeskShell page={about} title={t('desk.promotions')}>
      <header class="desk-head">
        <h1>{t('desk.promotions')}</h1>
        <p class="soft">{t('desk.promotions.lead')}</p>
      </header>
      {mayEnter(about.viewer, WRITERS) && (
        <p class="desk-acts">
          <ButtonLink href="/desk/promotions/new">{t('desk.promotions.new')}</ButtonLink>
        </p>
      )}
      {rows.length === 0 ? (
        <EmptyState title={t('desk.promotions.none.title')} text={t('desk.promotions.none.text')} />
      ) : (
        <PromotionTable page={about} rows={rows} now={now} />
      )}
      {cursor && (
        <nav class="pages" aria-label={t('list.pages')}>
          <ButtonLink href={`/desk/promotions?after=${cursor}`} look="plain">
            {t('desk.promotions.more')}
          </ButtonLink>
        </nav>
      )}
    </DeskShell>
  );
}

function PromotionTable({
  page: { format },
  rows,
  now,
}: {
  page: Page;
  rows: readonly Promotion[];
  now: Date;
}) {
  const uses = ({ uses: used, usesMax }: Promotion) =>
    usesMax === null
      ? ''
      : t('desk.promotions.uses.of', { uses: format.number(used), max: format.number(usesMax) });
  const spent = ({ spentMinor, budgetMinor, currency }: Promotion) =>
    budgetMinor === null || currency === null
      ? ''
      : t('desk.promotions.uses.of', {
          uses: format.money(spentMinor, currency),
          max: format.money(budgetMinor, currency),
        });
  return (
    <Table
      caption={t('desk.promotions')}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('desk.promotions.name'),
          cell: ({ id, name }) => <a href={`/desk/promotions/${id}`}>{name}</a>,
        },
        { title: t('desk.promotions.code'), cell: ({ code }) => code ?? t('desk.promotions.automatic') },
        { title: t('desk.promotions.kind'), cell: ({ effect }) => t(`desk.promotions.kind.${effect.kind}`) },
        { title: t('desk.promotions.state'), cell: (row) => t(`desk.promotions.state.${stateOf(row, now)}`) },
        { title: t('desk.promotions.uses'), figures: true, cell: uses },
        { title: t('desk.promotions.spent'), figures: true, cell: spent },
      ]}
    />
  );
}
