import type { ComponentChildren } from 'preact';
import { SPEAKERS } from '#modules/reviews/index.ts';
import { type Access, mayEnter } from '#platform/access.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { DeskShell } from './shell.tsx';

const parts = (): { href: string; name: string; access: Access }[] => [
  { href: '/desk/reviews', name: t('desk.reviews.questions'), access: SPEAKERS },
  { href: '/desk/reviews/replies', name: t('desk.reviews.replies'), access: SPEAKERS },
  { href: '/desk/reviews/embed', name: t('desk.reviews.embed'), access: 'staff' },
  { href: '/desk/reviews/settings', name: t('desk.reviews.settings'), access: 'staff' },
];

interface Props {
  page: Page;
  title: string;
  lead: string;
  children: ComponentChildren;
}

/** A page about what people say, with the way to the others. */
export function ReviewShell({ page, title, lead, children }: Props) {
  const path = page.path.split('?')[0];
  return (
    <DeskShell page={page} title={title}>
      <nav class="presets" aria-label={t('desk.reviews.parts')}>
        {parts()
          .filter(({ access }) => mayEnter(page.viewer, access))
          .map(({ href, name }) => (
            <a key={href} href={href} aria-current={href === path ? 'page' : undefined}>
              {name}
            </a>
          ))}
      </nav>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">{lead}</p>
      </header>
      {children}
    </DeskShell>
  );
}
