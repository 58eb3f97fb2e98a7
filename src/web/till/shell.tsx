import { mayEnter } from '#platform/access.ts';
import { Icon } from '../components/Icon.tsx';
import { Notice } from '../components/Notice.tsx';
import { Brand, Document, type DocumentProps, ThemeSwitch } from '../layout.tsx';
import { say, t } from '../messages.ts';
import { tillParts } from './parts.ts';
import type { Here } from './register-here.ts';

/** A page of the till: made for a tablet, its parts along the top, nothing for search engines. */
export function TillShell({ here, children, ...about }: DocumentProps & { here?: Here | undefined }) {
  const { page } = about;
  const path = page.path.split('?')[0] ?? '';
  return (
    <Document {...about} index={false} surface="till">
      <div class="till">
        <header class="till-top">
          <Brand page={page} href="/till" />
          <nav aria-label={t('till.parts')}>
            <ul>
              {tillParts().map(({ href, name }) => (
                <li key={href}>
                  <a href={href} aria-current={currentAt(href, path)}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="till-who">
            {here && (
              <a class="till-register" href="/till/register">
                <Icon name="store" size={18} />
                {t('till.register.at', { register: here.register.name, store: here.store.name })}
              </a>
            )}
            {page.viewer.name && <a href="/account">{page.viewer.name}</a>}
            {mayEnter(page.viewer, 'staff') && <a href="/desk">{t('nav.desk')}</a>}
            <a href="/">{t('till.to_shop')}</a>
            <ThemeSwitch page={page} />
          </div>
        </header>
        <main id="main" tabIndex={-1} class="till-main">
          {page.notice && <Notice kind="success">{say(page.notice)}</Notice>}
          {children}
        </main>
      </div>
    </Document>
  );
}

/** A page below a part stands in it. */
const currentAt = (href: string, path: string): 'page' | 'true' | undefined => {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) ? 'true' : undefined;
};
