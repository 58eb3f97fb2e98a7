import { type TSchema, Type } from 'typebox';
import { Currency, Id } from '#platform/schema.ts';

/** What the API's answers are made of, for its description; PostgreSQL writes them. */
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Named = Type.Object({ slug: Text, name: Text });
const Moment = Type.String({ format: 'date-time' });

const price = { amountMinor: Type.Integer(), compareAtMinor: orNull(Type.Integer()), currency: Currency };
const CardPrice = orNull(Type.Object({ ...price, isFrom: Type.Boolean() }));

const picture = {
  sha256: Text,
  alt: Text,
  width: Type.Integer(),
  height: Type.Integer(),
  colour: orNull(Text),
  files: Type.Array(Text, { description: 'Each is served at /media/{sha256}/{file}' }),
};
const Picture = Type.Object(picture);
const Options = Type.Array(Type.Object({ name: Text, values: Type.Array(Text) }));

const Rating = orNull(
  Type.Object({ average: Type.Number(), count: Count }, { description: 'Null without reviews' }),
);

const Card = Type.Object({
  id: Id,
  slug: Text,
  title: Text,
  brand: orNull(Named),
  price: CardPrice,
  picture: orNull(Picture),
  secondPicture: orNull(Picture),
  options: Options,
  inStock: Type.Boolean(),
  rating: Rating,
});

const attribute = {
  code: Text,
  name: Text,
  type: Type.Enum(['text', 'number', 'boolean']),
  unit: orNull(Text),
};
const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

export const Detail = Type.Object({
  id: Id,
  slug: Text,
  title: Text,
  summary: Text,
  description: Text,
  brand: orNull(
    Type.Object({
      slug: Text,
      name: Text,
      tagline: Text,
      place: orNull(Text),
      countryCode: orNull(Text),
      colour: orNull(Text),
    }),
  ),
  categories: Type.Array(Named),
  options: Options,
  variants: Type.Array(
    Type.Object({
      id: Id,
      sku: Text,
      optionValues: Type.Array(Text),
      gtin: orNull(Text),
      weightGrams: orNull(Type.Integer()),
      price: orNull(Type.Object({ ...price, validTo: orNull(Moment) })),
      inStock: Type.Boolean(),
    }),
  ),
  pictures: Type.Array(Type.Object({ ...picture, optionValue: orNull(Text) })),
  attributes: Type.Array(Type.Object({ ...attribute, value: Value })),
  price: CardPrice,
  inStock: Type.Boolean(),
  rating: Rating,
  publishedAt: Moment,
  updatedAt: Moment,
});

export const List = Type.Object({
  cards: Type.Array(Card),
  facets: orNull(
    Type.Array(
      Type.Object({
        code: Text,
        name: Text,
        unit: orNull(Text),
        values: Type.Array(
          Type.Object({
            value: Text,
            label: Text,
            count: Type.Union([Count, Type.Null()], { description: 'Null: too many to count' }),
            isChosen: Type.Boolean(),
          }),
        ),
      }),
    ),
  ),
  total: orNull(
    Type.Object({
      count: Count,
      isExact: Type.Boolean({ description: 'When false there are more than `count`' }),
    }),
  ),
  cursor: orNull(Text),
  searchedFor: orNull(Text),
});

export const SuggestionList = Type.Object({
  products: Type.Array(Card),
  categories: Type.Array(Named),
  brands: Type.Array(Named),
});

export const Brand = Type.Object({
  slug: Text,
  name: Text,
  tagline: Text,
  story: Text,
  place: orNull(Text),
  countryCode: orNull(Text),
  foundedYear: orNull(Type.Integer()),
  colour: orNull(Text),
  picture: orNull(Picture),
  productCount: Count,
});

export const Compared = Type.Object({
  products: Type.Array(Detail),
  attributes: Type.Array(Type.Object({ ...attribute, values: Type.Array(orNull(Value)) })),
});

export const Tree = Type.Object({
  categories: Type.Array(
    Type.Object(
      { id: Id, slug: Text, name: Text, description: Text, picture: orNull(Picture), productCount: Count },
      { additionalProperties: true, description: 'Each has `children` of the same form' },
    ),
  ),
});

export const StoredMedia = Type.Object({
  id: Id,
  sha256: Text,
  state: Type.Enum(['pending', 'ready']),
  mimeType: Text,
  width: Type.Integer(),
  height: Type.Integer(),
  byteSize: Type.Integer(),
  colour: Text,
  files: Type.Array(Text),
});
