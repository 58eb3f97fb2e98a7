import { mayEnter, TILL } from '#platform/access.ts';
import { Icon } from '../components/Icon.tsx';
import { Notice } from '../components/Notice.tsx';
import { Brand, Document, type DocumentProps, ThemeSwitch } from '../layout.tsx';
import { say, t } from '../messages.ts';
import { sectionsFor } from './sections.ts';

/** A page of the desk: denser, the sections at the side, nothing for search engines. */
export function DeskShell({ children, ...about }: DocumentProps) {
  const { page } = about;
  return (
    <Document {...about} index={false} surface="desk">
      <div class="desk">
        <header class="desk-side">
          <Brand page={page} href="/desk" />
          <nav aria-label={t('desk.sections')}>
            <ul>
              {sectionsFor(page.viewer).map(({ href, name }) => (
                <li key={href}>
                  <a href={href} aria-current={currentAt(href, page.path.split('?')[0] ?? '')}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
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

/** A page below a section stands in it; the desk's first page has none below it. */
function currentAt(href: string, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return href !== '/desk' && path.startsWith(`${href}/`) ? 'true' : undefined;
}
