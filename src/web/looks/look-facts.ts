import type { LookPage } from '#read/look-page.ts';
import type { JsonLdObject } from '../json-ld.tsx';

/** What other sites show where a look is shared: drawn in their proportions. */
export function sharedLook({ picture, title }: LookPage) {
  if (!picture?.files.includes('shared.jpg')) return undefined;
  return { src: `/media/${picture.sha256}/shared.jpg`, width: 1200, height: 630, alt: title };
}

/** A look as search engines know it: a collage of products, each at its page. */
export function lookFacts(look: LookPage, origin: string): JsonLdObject[] {
  const ids = [...new Set(look.items.map(({ productId }) => productId))];
  const products = ids.flatMap((id) => look.products.get(id) ?? []);
  return [
    {
      '@type': 'Collage',
      '@id': `${origin}/looks/${look.id}`,
      name: look.title,
      ...(look.words && { description: look.words }),
      ...(look.owner && {
        creator: { '@type': 'Person', name: look.owner.name, url: `${origin}/@${look.owner.handle}` },
      }),
      ...(look.picture && { image: `${origin}/media/${look.picture.sha256}/960.webp` }),
      ...(look.credits[0] && { isBasedOn: `${origin}/looks/${look.credits[0].lookId}` }),
      about: products.map(({ title, slug }) => ({
        '@type': 'Product',
        name: title,
        url: `${origin}/p/${slug}`,
      })),
    },
  ];
}
