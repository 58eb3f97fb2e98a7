import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const None = Type.Object({});
const Named = Type.Object({ value: Type.String() });

export const catalogErrors = defineErrors('catalog', {
  product_not_found: { status: 404, title: 'There is no such product', data: None },
  brand_not_found: { status: 404, title: 'There is no such brand', data: None },
  media_not_found: { status: 404, title: 'There is no such picture', data: None },
  cursor_unknown: { status: 400, title: 'The cursor is none of ours', data: None },
  slug_taken: { status: 409, title: 'Another has that slug', data: Named },
  code_taken: { status: 409, title: 'Another attribute has that code', data: Named },
  sku_taken: { status: 409, title: 'A variant of another product has that SKU', data: Named },
  variant_elsewhere: { status: 409, title: 'That variant belongs to another product', data: Named },
  reference_unknown: {
    status: 422,
    title: 'It refers to something that is not there',
    data: Type.Object({ what: Type.String(), value: Type.String() }),
  },
  option_values_differ: {
    status: 422,
    title: 'Each variant needs a value for each option, and its own choice of them',
    data: Named,
  },
  attribute_type_differs: {
    status: 422,
    title: 'The value is not of the attribute’s type',
    data: Type.Object({ code: Type.String(), type: Type.String() }),
  },
  attribute_in_use: {
    status: 409,
    title: 'Products have values of the attribute’s present type',
    data: None,
  },
  category_in_circle: { status: 409, title: 'A category can’t be below itself', data: None },
  offer_overlaps: {
    status: 409,
    title: 'The variant has another offer in that currency and market at that time',
    data: Type.Object({ offerId: Type.String() }),
  },
  offer_of_another: { status: 409, title: 'That offer is another variant’s', data: None },
  offer_uneven: { status: 422, title: 'It must end after it begins, and cost less than before', data: None },
  price_unfit: {
    status: 422,
    title: 'A price is more than nothing, and not beyond all bounds',
    data: Type.Object({ most: Type.Integer() }),
  },
  price_over: { status: 409, title: 'That price does not hold any more', data: None },
  price_moved: {
    status: 409,
    title: 'The price was changed meanwhile',
    data: Type.Object({ amountMinor: Type.Integer() }),
  },
  price_list_not_found: { status: 404, title: 'There is no such price list', data: None },
  price_list_uneven: { status: 422, title: 'It must end after it begins', data: None },
  price_list_currency: { status: 409, title: 'The currency of a price list does not change', data: None },
  price_list_overlaps: {
    status: 409,
    title: 'A variant of the list would have two prices of one priority at a time',
    data: None,
  },
  country_taken: {
    status: 409,
    title: 'Visitors of that country see another currency',
    data: Type.Object({ countryCode: Type.String(), currency: Type.String() }),
  },
  currency_unknown: {
    status: 422,
    title: 'There is no such currency',
    data: Type.Object({ currency: Type.String() }),
  },
  currency_is_own: { status: 409, title: 'That is the marketplace’s own currency', data: None },
  region_unknown: {
    status: 422,
    title: 'There is no such region',
    data: Type.Object({ regionCode: Type.String() }),
  },
  unit_without_number: { status: 422, title: 'Only numbers have a unit', data: None },
  variant_sold: {
    status: 409,
    title: 'The variant has stock or orders and can’t be removed',
    data: Named,
  },
  nothing_to_sell: { status: 409, title: 'A product without a variant can’t be published', data: None },
  media_type_refused: {
    status: 415,
    title: 'Only JPEG, PNG, WebP, AVIF and GIF pictures are taken',
    data: Type.Object({ found: Type.String() }),
  },
  media_broken: { status: 422, title: 'The picture is broken or not whole', data: None },
  media_size_refused: {
    status: 422,
    title: 'The picture has too many pixels, or too few',
    data: Type.Object({
      width: Type.Integer(),
      height: Type.Integer(),
      pixelsMax: Type.Integer(),
      sideMin: Type.Integer(),
    }),
  },
  media_missing: { status: 400, title: 'Send one file', data: None },
  media_too_large: {
    status: 413,
    title: 'The file is too large',
    data: Type.Object({ bytesMax: Type.Integer() }),
  },
});
