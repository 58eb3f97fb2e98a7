import { mayEnter, TILL } from '#platform/access.ts';
import { Icon } from '../components/Icon.tsx';
import { Notice } from '../components/Notice.tsx';
import { Brand, Document, type DocumentProps, ThemeSwitch } from '../layout.tsx';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { groupsFor } from './sections.ts';

/** A page of the desk: denser, the sections at the side, nothing for search engines. */
export function DeskShell({ children, ...about }: DocumentProps) {
  const { page } = about;
  return (
    <Document {...about} index={false} surface="desk">
      <div class="desk">
        <header class="desk-side">
          <Brand page={page} href="/desk" />
          <Sections page={page} />
          <div class="desk-foot">
            {mayEnter(page.viewer, TILL) && (
              <a class="desk-shop" href="/till">
                {t('till')}
              </a>
            )}
            <a class="desk-shop" href="/">
              <Icon name="store" size={18} /> {t('desk.to_shop')}
            </a>
            <ThemeSwitch page={page} />
            {page.viewer.name && <p class="desk-who">{page.viewer.name}</p>}
          </div>
        </header>
        <main id="main" tabIndex={-1} class="desk-main">
          {page.notice && <Notice kind="success">{say(page.notice)}</Notice>}
          {children}
        </main>
      </div>
    </Document>
  );
}

/** In groups under headings. A phone has them folded under one word; a wide screen has them open at the side. */
function Sections({ page: { viewer, path } }: { page: Page }) {
  const at = path.split('?')[0] ?? '';
  const groups = groupsFor(viewer);
  const all = groups.flatMap(({ sections }) => sections.map(({ href }) => href));
  return (
    <nav aria-label={t('desk.sections')} class="desk-nav">
      <details>
        <summary>{t('desk.menu')}</summary>
        <div class="desk-groups">
          {groups.map(({ group, sections }) => (
            <section key={group} aria-labelledby={`desk-${group}`}>
              <h2 id={`desk-${group}`}>{t(`desk.group.${group}`)}</h2>
              <ul>
                {sections.map(({ href, name }) => (
                  <li key={href}>
                    <a href={href} aria-current={currentAt(href, at, all)}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </details>
    </nav>
  );
}

/** A page below a section stands in it, in the nearest; the desk's first page has none below it. */
function currentAt(href: string, path: string, all: readonly string[]): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  const isAbove = (each: string) => each !== '/desk' && path.startsWith(`${each}/`);
  const isNearest = !all.some((each) => each === path || (each.length > href.length && isAbove(each)));
  return isAbove(href) && isNearest ? 'true' : undefined;
}
