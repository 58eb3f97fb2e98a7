import type { FastifyReply } from 'fastify';
import type { ComponentChildren } from 'preact';
import type { Network } from '#modules/identity/index.ts';
import { Notice } from '../components/Notice.tsx';
import { Brand, Document } from '../layout.tsx';
import { say, t } from '../messages.ts';
import type { Page } from '../page.ts';
import { Colonnade } from './colonnade.tsx';
import type { Fault } from './fault.ts';
import { NetworkMark } from './network-mark.tsx';

interface DoorProps {
  page: Page;
  title: string;
  description?: string;
  canonical?: string;
  fault?: Fault | undefined;
  children: ComponentChildren;
}

/** A page by which people come in: what Stoa is on one side, the form on the other, and nothing to distract. */
export function Door({ page, title, fault, children, ...about }: DoorProps) {
  return (
    <Document {...about} page={page} title={title} index={about.canonical !== undefined} surface="door">
      <div class="door">
        <aside class="door-side">
          <Brand page={page} />
          <p class="door-line">{t('account.door.line')}</p>
          <p class="door-about">{t('account.door.about', { shop: page.shop })}</p>
          <Colonnade />
        </aside>
        <main id="main" tabIndex={-1} class="door-main">
          <div class="door-form">
            <h1>{title}</h1>
            {page.notice && <Notice kind="success">{say(page.notice)}</Notice>}
            {fault && !fault.field && <Notice kind="error">{fault.text}</Notice>}
            {children}
          </div>
        </main>
      </div>
    </Document>
  );
}

/** The networks that are configured, as buttons. Links, because they lead away: a form may only end here. */
export function Networks({ networks, next }: { networks: readonly Network[]; next: string }) {
  if (networks.length === 0) return null;
  return (
    <>
      <ul class="networks">
        {networks.map(({ id, name }) => (
          <li key={id}>
            <a
              class="button plain wide"
              href={`/sign-in/with/${id}?${new URLSearchParams({ next }).toString()}`}
              rel="nofollow"
            >
              <NetworkMark id={id} />
              {t('account.with', { network: name })}
            </a>
          </li>
        ))}
      </ul>
      <p class="door-or">{t('account.or')}</p>
    </>
  );
}

/** The status and the header that go with what is wrong. */
export function withFault(reply: FastifyReply, fault: Fault | undefined): void {
  if (!fault) return;
  void reply.code(fault.status);
  if (fault.retryAfterSeconds) void reply.header('retry-after', String(fault.retryAfterSeconds));
}

export const faultAt = (fault: Fault | undefined, field: string) =>
  fault?.field === field ? fault.text : undefined;
