import pg from 'pg';
import type { AppError } from '#platform/errors.ts';
import { catalogErrors } from './errors.ts';

/** What the database's guards mean to a caller, by the name of the constraint. */
const REFUSAL_OF: Record<string, (value: string) => AppError> = {
  product_slug_key: (value) => catalogErrors.slug_taken({ value }),
  brand_slug_key: (value) => catalogErrors.slug_taken({ value }),
  category_slug_key: (value) => catalogErrors.slug_taken({ value }),
  attribute_code_key: (value) => catalogErrors.code_taken({ value }),
  variant_sku_key: (value) => catalogErrors.sku_taken({ value }),
  product_brand_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'brand', value }),
  product_category_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'category', value }),
  category_parent_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'category', value }),
  product_media_media_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'media', value }),
  brand_media_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'media', value }),
  category_media_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'media', value }),
  offer_check: () => catalogErrors.offer_uneven({}),
  offer_check1: () => catalogErrors.offer_uneven({}),
  attribute_check: () => catalogErrors.unit_without_number({}),
  offer_variant_id_fkey: (value) => catalogErrors.reference_unknown({ what: 'variant', value }),
};

/**
 * Runs statements whose guards are constraints, and turns a broken one into the refusal that it means. The
 * transaction is lost with it, as with any refusal.
 */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint !== undefined) {
      const value = /=\((.*?)\)/.exec(error.detail ?? '')?.[1] ?? '';
      const refusal = REFUSAL_OF[error.constraint]?.(value);
      if (refusal) throw refusal;
      // Stock and orders hold on to a variant by keys of their own.
      if (error.code === FOREIGN_KEY && error.schema !== 'catalog')
        throw catalogErrors.variant_sold({ value });
    }
    throw error;
  }
}

const FOREIGN_KEY = '23503';
