import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TSchema, Type } from 'typebox';
import type { Access } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Currency, exactly, Id, Slug } from '#platform/schema.ts';
import { catalogErrors } from './errors.ts';
import { putOffer } from './offers.ts';
import { publish, putProduct, unpublish } from './products.ts';
import { putAttribute, putBrand, putCategory } from './shelves.ts';

export const WRITERS: Access = ['staff:merchant', 'scope:catalog:write'];

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]));
/** PostgreSQL keeps no NUL in text. */
const text = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: String.raw`^[^\u0000]*$` });
const Colour = Type.String({ pattern: '^#[0-9a-f]{6}$' });
const Position = Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 }));
const AMOUNT_MAX = 10 ** 12;
const Amount = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const Moment = Type.String({ format: 'date-time' });
const Params = exactly({ id: Id });
const Written = Type.Object({ id: Id });

const Product = exactly({
  slug: Slug,
  title: text(300, 1),
  summary: Type.Optional(text(1000)),
  description: Type.Optional(text(20_000)),
  brandId: orNull(Id),
  categoryId: orNull(Id),
  taxCategory: Type.Optional(Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 })),
  optionNames: Type.Optional(Type.Array(text(60, 1), { maxItems: 5, uniqueItems: true })),
  attributes: Type.Optional(
    Type.Array(
      exactly({
        code: Slug,
        value: Type.Union([text(500, 1), Type.Number({ minimum: -1e9, maximum: 1e9 }), Type.Boolean()]),
      }),
      { maxItems: 100 },
    ),
  ),
  pictures: Type.Optional(
    Type.Array(exactly({ mediaId: Id, alt: text(300), optionValue: orNull(text(120, 1)) }), { maxItems: 40 }),
  ),
  variants: Type.Array(
    exactly({
      id: Id,
      sku: text(64, 1),
      optionValues: Type.Optional(Type.Array(text(120, 1), { maxItems: 5 })),
      gtin: orNull(Type.String({ pattern: '^([0-9]{8}|[0-9]{12,14})$' })),
      weightGrams: orNull(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
    }),
    { minItems: 1, maxItems: 200 },
  ),
});

const Brand = exactly({
  slug: Slug,
  name: text(120, 1),
  tagline: Type.Optional(text(300)),
  story: Type.Optional(text(20_000)),
  place: orNull(text(120)),
  countryCode: orNull(Type.String({ pattern: '^[A-Z]{2}$' })),
  foundedYear: orNull(Type.Integer({ minimum: 1000, maximum: 2100 })),
  mediaId: orNull(Id),
  colour: orNull(Colour),
});

const Category = exactly({
  parentId: orNull(Id),
  slug: Slug,
  name: text(120, 1),
  description: Type.Optional(text(2000)),
  mediaId: orNull(Id),
  position: Position,
});

const Attribute = exactly({
  code: Slug,
  name: text(120, 1),
  type: Type.Enum(['text', 'number', 'boolean']),
  unit: orNull(text(40, 1)),
  isFacet: Type.Optional(Type.Boolean()),
  position: Position,
});

/** As the market writes the codes of its regions. */
export const MARKET_CODE = '^([A-Z]{2}(-[a-z0-9]+)*|x-[a-z-]{2,40}|world)$';

const Offer = exactly({
  variantId: Id,
  currency: Currency,
  marketCode: Type.Optional(Type.String({ pattern: MARKET_CODE, maxLength: 60 })),
  amountMinor: Amount,
  compareAtMinor: orNull(Amount),
  validFrom: Type.Optional(Moment),
  validTo: orNull(Moment),
});

const { reference_unknown: referenceUnknown, slug_taken: slugTaken } = catalogErrors;

export const staffRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const config = { access: WRITERS };
  app.put(
    '/products/:id',
    {
      config,
      schema: {
        operationId: 'putProduct',
        params: Params,
        body: Product,
        response: {
          200: Type.Object({
            id: Id,
            slug: Slug,
            publication: Type.Enum(['draft', 'published', 'archived']),
          }),
          ...problems(
            slugTaken,
            catalogErrors.sku_taken,
            catalogErrors.variant_elsewhere,
            catalogErrors.variant_sold,
            referenceUnknown,
            catalogErrors.option_values_differ,
            catalogErrors.attribute_type_differs,
          ),
        },
      },
    },
    ({ params: { id }, body }) => inTransaction(db, (tx) => putProduct(tx, id, body, now())),
  );

  for (const [verb, operationId, act] of [
    ['publish', 'publishProduct', publish],
    ['unpublish', 'unpublishProduct', unpublish],
  ] as const) {
    app.post(
      `/products/:id/${verb}`,
      {
        config,
        schema: {
          operationId,
          params: Params,
          response: {
            200: Written,
            ...problems(catalogErrors.product_not_found, catalogErrors.nothing_to_sell),
          },
        },
      },
      async ({ params: { id } }) => {
        await inTransaction(db, (tx) => act(tx, id, now()));
        return { id };
      },
    );
  }

  await app.register(offerRoutes, { db, now });
  await app.register(shelfRoutes, { db });
};

const offerRoutes: FastifyPluginAsyncTypebox<Pick<Deps, 'db' | 'now'>> = async (app, { db, now }) => {
  const config = { access: WRITERS };
  app.put(
    '/offers/:id',
    {
      config,
      schema: {
        operationId: 'putOffer',
        params: Params,
        body: Offer,
        response: {
          200: Written,
          ...problems(
            catalogErrors.offer_overlaps,
            catalogErrors.offer_of_another,
            catalogErrors.offer_uneven,
            catalogErrors.region_unknown,
            referenceUnknown,
          ),
        },
      },
    },
    async ({ params: { id }, body }) => {
      await inTransaction(db, (tx) => putOffer(tx, id, body, now()));
      return { id };
    },
  );
};

/** Brands, categories and attributes: where products stand, and by what they are described. */
const shelfRoutes: FastifyPluginAsyncTypebox<Pick<Deps, 'db'>> = async (app, { db }) => {
  const config = { access: WRITERS };
  app.put(
    '/brands/:id',
    {
      config,
      schema: {
        operationId: 'putBrand',
        params: Params,
        body: Brand,
        response: { 200: Written, ...problems(slugTaken, referenceUnknown) },
      },
    },
    async ({ params: { id }, body }) => {
      await inTransaction(db, (tx) => putBrand(tx, id, body));
      return { id };
    },
  );

  app.put(
    '/categories/:id',
    {
      config,
      schema: {
        operationId: 'putCategory',
        params: Params,
        body: Category,
        response: {
          200: Written,
          ...problems(slugTaken, catalogErrors.category_in_circle, referenceUnknown),
        },
      },
    },
    async ({ params: { id }, body }) => {
      await inTransaction(db, (tx) => putCategory(tx, id, body));
      return { id };
    },
  );

  app.put(
    '/attributes/:id',
    {
      config,
      schema: {
        operationId: 'putAttribute',
        params: Params,
        body: Attribute,
        response: {
          200: Written,
          ...problems(
            catalogErrors.code_taken,
            catalogErrors.attribute_in_use,
            catalogErrors.unit_without_number,
          ),
        },
      },
    },
    async ({ params: { id }, body }) => {
      await inTransaction(db, (tx) => putAttribute(tx, id, body));
      return { id };
    },
  );
};
