import type { ComponentChildren } from 'preact';
import { mayEnter, TILL } from '#platform/access.ts';
import type { Assets } from './assets.ts';
import { AskToCollect, Happened, type HappenedFacts, SnippetTag, trialViewed } from './collecting.tsx';
import { Icon, Mark } from './components/Icon.tsx';
import { Notice } from './components/Notice.tsx';
import { JsonLd, type JsonLdObject } from './json-ld.tsx';
import { say, t } from './messages.ts';
import type { Page } from './page.ts';
import { keepRendered } from './rendered.tsx';

export interface DocumentProps {
  page: Page;
  title: string;
  description?: string | undefined;
  /** The address that search engines should keep, without the host. Filters and sorting are left out of it. */
  canonical?: string | undefined;
  /** False for pages that only their visitor should see. */
  index?: boolean;
  /** What is shown where the page is shared: a path or an address. */
  image?: { src: string; width: number; height: number; alt: string } | undefined;
  /** What it is about, or the text of that where it was kept. */
  jsonLd?: readonly JsonLdObject[] | string;
  /** The kind for Open Graph. */
  kind?: 'website' | 'product' | 'article';
  /** What a visit of the page is, by the names of the Segment Ecommerce Spec. */
  happened?: HappenedFacts | undefined;
  children: ComponentChildren;
}

/** A page of the shop: header, content, footer. */
export function Layout({ children, happened, ...about }: DocumentProps) {
  const { page } = about;
  return (
    <Document {...about} surface="shop">
      <AskToCollect page={page} />
      <Header page={page} />
      <main id="main" tabIndex={-1}>
        {page.notice && (
          <div class="wrap">
            <Notice kind="success">{say(page.notice)}</Notice>
          </div>
        )}
        {children}
      </main>
      <Footer page={page} />
      {page.trials.map((trial) => (
        <Happened key={trial.experimentId} facts={trialViewed(trial)} />
      ))}
      <Happened facts={happened} />
      <SnippetTag page={page} />
    </Document>
  );
}

/** The document around any page, with its head. Surfaces that bring their own header use it directly. */
export function Document({
  surface,
  children,
  ...about
}: DocumentProps & { surface: 'shop' | 'desk' | 'door' | 'till' }) {
  const { page } = about;
  return (
    <html lang="en" data-theme={page.theme} data-surface={surface}>
      <head>
        {keepStart('start', [page.assets], () => (
          <HeadStart assets={page.assets} />
        ))}
        <Head {...about} />
      </head>
      <body>
        <a class="skip" href="#main">
          {t('skip')}
        </a>
        {children}
      </body>
    </html>
  );
}

const keepStart = keepRendered(1);

function HeadStart({ assets }: { assets: Assets }) {
  return (
    <>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {assets.fonts.map((href) => (
        <link key={href} rel="preload" href={href} as="font" type="font/woff2" crossorigin="anonymous" />
      ))}
      <link rel="stylesheet" href={assets.style} />
      <script type="module" src={assets.script} />
      <meta name="theme-color" media="(prefers-color-scheme: light)" content="#F7F3EB" />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#16130F" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
      <link rel="manifest" href="/manifest.webmanifest" />
    </>
  );
}

function Head({
  page,
  title,
  description,
  canonical,
  index = true,
  image,
  jsonLd,
  kind = 'website',
}: Omit<DocumentProps, 'children'>) {
  const address = canonical === undefined ? undefined : page.origin + canonical;
  return (
    <>
      <title>{title === page.shop ? title : `${title} · ${page.shop}`}</title>
      {description && <meta name="description" content={description} />}
      {!index && <meta name="robots" content="noindex" />}
      {address && <link rel="canonical" href={address} />}
      <meta property="og:site_name" content={page.shop} />
      <meta property="og:title" content={title} />
      <meta property="og:type" content={kind} />
      {description && <meta property="og:description" content={description} />}
      {address && <meta property="og:url" content={address} />}
      {image && (
        <>
          <meta property="og:image" content={new URL(image.src, page.origin).href} />
          <meta property="og:image:width" content={String(image.width)} />
          <meta property="og:image:height" content={String(image.height)} />
          <meta property="og:image:alt" content={image.alt} />
          <meta name="twitter:card" content="summary_large_image" />
        </>
      )}
      <meta name="color-scheme" content={page.theme ?? 'light dark'} />
      {jsonLd && jsonLd.length > 0 && <JsonLd graph={jsonLd} />}
    </>
  );
}

const HEADERS_KEPT_MAX = 100;
const keepHeader = keepRendered(HEADERS_KEPT_MAX);

/** The same for most visitors, so it is kept rendered: all that it is made of is told apart here. */
function Header({ page }: { page: Page }) {
  const { viewer, navigation, shop, cartCount, unseenCount } = page;
  const isMember = viewer.kind === 'member';
  const isStaff = mayEnter(viewer, 'staff');
  const isAtTill = mayEnter(viewer, TILL);
  const shelf = navigation.find(({ slug }) => page.path.startsWith(`/c/${slug}`))?.slug;
  const typed = typedIn(page);
  const told = [shelf, typed, cartCount, unseenCount, isMember, isStaff, isAtTill];
  return keepHeader(told.join('\n'), [navigation, shop, ...told], () => (
    <header class="top">
      <div class="wrap top-row">
        <Brand page={page} />
        <SearchBox typed={typed} />
        <div class="top-tools">
          {isAtTill && (
            <a class="tool" href="/till">
              {t('till')}
            </a>
          )}
          {isStaff && (
            <a class="tool" href="/desk">
              {t('nav.desk')}
            </a>
          )}
          <a class="tool" href="/feed">
            <Icon name="heart" />
            <span class="tool-word">{t('feed.nav')}</span>
          </a>
          {isMember && <Bell count={unseenCount} />}
          <a class="tool" href={isMember ? '/account' : '/sign-in'}>
            <Icon name="person" />
            <span class="tool-word">{isMember ? t('nav.account') : t('nav.sign_in')}</span>
          </a>
          <a class="tool" href="/cart">
            <Icon name="bag" />
            <span class="tool-word">{t('nav.cart')}</span>
            <cart-badge class="badge" hidden={cartCount === 0}>
              {cartCount}
            </cart-badge>
          </a>
        </div>
      </div>
      <nav class="wrap categories" aria-label={t('nav.categories')}>
        <ul>
          {navigation.map(({ name, slug }) => (
            <li key={slug}>
              <a href={`/c/${slug}`} aria-current={slug === shelf ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
          <li>
            <a href="/brands">{t('nav.brands')}</a>
          </li>
          <li>
            <a href="/stores">{t('nav.stores')}</a>
          </li>
        </ul>
      </nav>
    </header>
  ));
}

function Bell({ count }: { count: number }) {
  return (
    <a class="tool" href="/notices">
      <Icon name="bell" />
      <span class="visually-hidden">{t('notices.title')}</span>
      <notice-bell class="badge" hidden={count === 0}>
        {count > 99 ? '99+' : count}
      </notice-bell>
    </a>
  );
}

/** What a visitor of the search page looks for. */
const typedIn = ({ path, origin }: Page) =>
  path.startsWith('/search') ? new URL(path, origin).searchParams.get('q') : null;

export function Brand({ page, href = '/' }: { page: Page; href?: string }) {
  return (
    <a class="brand" href={href}>
      <Mark />
      <span>{page.shop}</span>
    </a>
  );
}

function SearchBox({ typed }: { typed: string | null }) {
  return (
    <search-box class="search">
      <form action="/search" role="search">
        <label class="visually-hidden" for="search">
          {t('search.label')}
        </label>
        <input
          id="search"
          type="search"
          name="q"
          value={typed ?? ''}
          placeholder={t('search.placeholder')}
          autocomplete="off"
          maxlength={200}
        />
        <button type="submit" aria-label={t('search.button')}>
          <Icon name="search" />
        </button>
      </form>
    </search-box>
  );
}

export function ThemeSwitch({ page }: { page: Page }) {
  return (
    <theme-switch>
      <form method="post" action="/theme" class="theme">
        <input type="hidden" name="next" value={page.path} />
        <button type="submit" name="theme" value={page.theme === 'dark' ? 'light' : 'dark'}>
          <Icon name="half" />
          <span>{t('theme.switch')}</span>
        </button>
      </form>
    </theme-switch>
  );
}

/** What prices are shown in; nothing where there is no choice. */
function CurrencySwitch({ page }: { page: Page }) {
  const { code, offered } = page.currency;
  if (offered.length === 1) return null;
  return (
    <form method="post" action="/currency" class="currency">
      <input type="hidden" name="next" value={page.path} />
      <label for="currency">{t('currency.label')}</label>
      <select id="currency" name="currency">
        {offered.map((each) => (
          <option key={each} value={each} selected={each === code}>
            {each}
          </option>
        ))}
      </select>
      <button type="submit">{t('currency.apply')}</button>
    </form>
  );
}

const keepFooter = keepRendered(1);

function Footer({ page }: { page: Page }) {
  return (
    <footer class="foot">
      <div class="wrap foot-grid">
        {keepFooter('links', [page.navigation, page.shop, page.legal], () => (
          <ShopLinks page={page} />
        ))}
        <FootLinks
          title={t('foot.you')}
          links={[
            ['/account', t('nav.account')],
            ['/orders', t('nav.orders')],
            ['/cart', t('nav.cart')],
            ['/gift-card', t('gift_card.title')],
          ]}
        >
          <CurrencySwitch page={page} />
          <ThemeSwitch page={page} />
        </FootLinks>
      </div>
    </footer>
  );
}

function ShopLinks({ page }: { page: Page }) {
  const shelves = page.navigation.slice(0, 6).map(({ name, slug }) => [`/c/${slug}`, name] as const);
  return (
    <>
      <div class="foot-about">
        <Brand page={page} />
        <p>{t('foot.about')}</p>
      </div>
      <FootLinks title={t('foot.shop')} links={shelves} />
      <FootLinks
        title={page.shop}
        links={[
          ['/about', t('nav.about', { shop: page.shop })],
          ['/brands', t('nav.brands')],
          ['/stores', t('nav.stores')],
          ['/contact', t('contact.title')],
          ['/api', t('nav.api')],
          ...page.legal.map((kind) => [`/legal/${kind}`, t(`legal.${kind}`)] as const),
        ]}
      />
    </>
  );
}

interface FootLinksProps {
  title: string;
  links: readonly (readonly [href: string, text: string])[];
  children?: ComponentChildren;
}

function FootLinks({ title, links, children }: FootLinksProps) {
  return (
    <nav aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {links.map(([href, text]) => (
          <li key={href}>
            <a href={href}>{text}</a>
          </li>
        ))}
      </ul>
      {children}
    </nav>
  );
}
