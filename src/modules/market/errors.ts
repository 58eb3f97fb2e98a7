import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const Region = Type.Object({ regionCode: Type.String() });

export const marketErrors = defineErrors('market', {
  region_unknown: { status: 404, title: 'There is no such region', data: Region },
  region_differs: { status: 409, title: 'There is another region of this code', data: Region },
  region_code_unfit: {
    status: 422,
    title: 'An area’s code is its country’s, a hyphen, and small letters, digits and hyphens',
    data: Region,
  },
  areas_overlap: {
    status: 409,
    title: 'Another area beside it has some of this already',
    data: Type.Object({ regionCode: Type.String(), otherCode: Type.String(), part: Type.String() }),
  },
  outside_parent: {
    status: 422,
    title: 'That does not lie in the region above it',
    data: Type.Object({ parentCode: Type.String(), part: Type.String() }),
  },
  postcodes_unfit: {
    status: 422,
    title: 'Postcodes are beginnings (“10”) or ranges of the same length (“1000-1099”)',
    data: Type.Object({ typed: Type.String() }),
  },
  cells_unfit: {
    status: 422,
    title: 'Cells are H3 indexes, none of them within another',
    data: Type.Object({ cell: Type.String() }),
  },
  outline_unfit: {
    status: 422,
    title: 'The outline is a GeoJSON polygon, or several, of degrees',
    data: Type.Object({ reason: Type.String() }),
  },
  parts_unfit: {
    status: 422,
    title: 'An area is made of postcodes, of cells or of an outline: one of them',
    data: Type.Object({ given: Type.Array(Type.String()) }),
  },
  too_much: {
    status: 422,
    title: 'That is more than one area, or one call, can hold',
    data: Type.Object({ what: Type.Enum(['vertices', 'cells', 'postcodes']), max: Type.Integer() }),
  },
  country_unknown: {
    status: 422,
    title: 'There is no country of this code',
    data: Type.Object({ countryCode: Type.String() }),
  },
  postcode_unfit: {
    status: 422,
    title: 'A postcode has 1 to 16 letters and digits, beside spaces and hyphens',
    data: Type.Object({ typed: Type.String() }),
  },
  territory_differs: {
    status: 409,
    title: 'There is another territory of this id',
    data: Type.Object({ territoryId: Type.String() }),
  },
  store_twice: {
    status: 422,
    title: 'Each store is named once',
    data: Type.Object({ locationId: Type.String() }),
  },
  region_unplaced: {
    status: 422,
    title: 'Nobody knows where this region lies, so stores cannot share it by distance',
    data: Region,
  },
  store_unplaced: {
    status: 422,
    title: 'To share a region, each store says where it is',
    data: Type.Object({ locationId: Type.String() }),
  },
});
