/** What JSON may not hold inside a script element, where "</script>" would end it. */
const UNSAFE = /[<>&\u2028\u2029]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export type JsonLdObject = { '@type': string } & Record<string, unknown>;

export const factsText = (graph: readonly JsonLdObject[]): string =>
  JSON.stringify({ '@context': 'https://schema.org', '@graph': graph }).replace(UNSAFE, escaped);

/** More of them after the text of some: those that are the same for all are put into text once. */
export const withFacts = (text: string, more: readonly JsonLdObject[]): string =>
  more.length === 0
    ? text
    : `${text.slice(0, -2)},${JSON.stringify(more).slice(1).replace(UNSAFE, escaped)}}`;

/** Facts for search engines, or the text of them. It is data, not script: no policy needs to allow it. */
export function JsonLd({ graph }: { graph: readonly JsonLdObject[] | string }) {
  const text = typeof graph === 'string' ? graph : factsText(graph);
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: text }} />;
}

/** The path to a page, as search engines show it. */
export function breadcrumbFacts(
  crumbs: readonly { name: string; href?: string }[],
  origin: string,
): JsonLdObject {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: crumbs.map(({ name, href }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name,
      ...(href && { item: origin + href }),
    })),
  };
}
