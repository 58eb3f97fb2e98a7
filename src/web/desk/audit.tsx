import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AUDIT_ACTIONS, type AuditEntry, auditTrail, namesOf, peopleLike } from '#modules/identity/index.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { auditAddress, AuditFilters, dayBegins, isExact } from './audit-query.ts';
import { momentName } from './figures.tsx';
import { DeskShell } from './shell.tsx';

const SHOWN = 50;

interface Trail {
  entries: AuditEntry[];
  /** Where the next page begins; null on the last. */
  next: number | null;
  names: Map<string, string>;
  filters: AuditFilters;
  timeZone: string;
}

/** Who did what, and when: the trail that identity writes beside each change. For admins only. */
export const auditPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config: { timeZone } }) => {
  app.get(
    '/desk/audit',
    page('staff:admin', { querystring: AuditFilters }),
    async ({ query: filters }, reply) => {
      const found = await entriesOf(reads, filters, timeZone);
      const entries = found.slice(0, SHOWN);
      const next = found.length > SHOWN ? (entries.at(-1)?.id ?? null) : null;
      const people = entries.flatMap(({ actor, subject }) => [actor, subject ?? '']);
      const names = await namesOf(reads, [...new Set([...people, filters.who])]);
      const trail = { entries, next, names, filters, timeZone };
      return reply.page((about) => <AuditPage page={about} trail={trail} />);
    },
  );
};

/** One more than is shown, when there are more. */
async function entriesOf(reads: Db, filters: AuditFilters, timeZone: string): Promise<AuditEntry[]> {
  const { who, action, from, to, before } = filters;
  const name = who.trim();
  const people = isExact(name) ? [name] : name === '' ? undefined : await peopleLike(reads, name);
  if (people?.length === 0) return [];
  return auditTrail(reads, {
    people,
    action: action || undefined,
    from: dayBegins(from, timeZone),
    until: dayBegins(to, timeZone, 1),
    before: before || undefined,
    limit: SHOWN + 1,
  });
}

function AuditPage({ page: about, trail }: { page: Page; trail: Trail }) {
  const { entries, next, filters } = trail;
  const isFiltered = auditAddress({ ...filters, before: 0 }) !== '/desk/audit';
  return (
    <DeskShell page={about} title={t('desk.audit')}>
      <header class="desk-head">
        <h1>{t('desk.audit')}</h1>
        <p class="soft">{t('desk.audit.lead')}</p>
      </header>
      <Filters trail={trail} isFiltered={isFiltered} />
      {entries.length === 0 ? (
        <EmptyState
          title={isFiltered ? t('desk.audit.nothing.title') : t('desk.audit.empty.title')}
          text={isFiltered ? t('desk.audit.nothing.text') : t('desk.audit.empty.text')}
        />
      ) : (
        <Entries page={about} trail={trail} />
      )}
      <nav class="actions" aria-label={t('list.pages')}>
        {filters.before > 0 && <a href={auditAddress({ ...filters, before: 0 })}>{t('desk.audit.newest')}</a>}
        {next !== null && (
          <a href={auditAddress({ ...filters, before: next })} rel="next">
            {t('desk.audit.older')}
          </a>
        )}
      </nav>
    </DeskShell>
  );
}

function Filters({ trail: { filters, names }, isFiltered }: { trail: Trail; isFiltered: boolean }) {
  const actions = AUDIT_ACTIONS.map((value) => ({ value, label: t(`desk.audit.did.${value}`) }));
  return (
    <form action="/desk/audit" class="audit-filters" role="search" aria-label={t('desk.filters')}>
      <Field
        name="who"
        label={t('desk.audit.who')}
        hint={isExact(filters.who) ? names.get(filters.who) : t('desk.audit.who.hint')}
        value={filters.who}
        input={{ maxlength: 120, autocomplete: 'off' }}
      />
      <Select
        name="action"
        label={t('desk.audit.what')}
        value={filters.action}
        options={[{ value: '', label: t('desk.audit.what.all') }, ...actions]}
      />
      <Field name="from" type="date" label={t('desk.filters.from')} value={filters.from} />
      <Field name="to" type="date" label={t('desk.filters.to')} value={filters.to} />
      <div class="actions">
        <Button>{t('desk.filters.show')}</Button>
        {isFiltered && <a href="/desk/audit">{t('filters.clear')}</a>}
      </div>
    </form>
  );
}

function Entries({ page: { format }, trail }: { page: Page; trail: Trail }) {
  const { entries, names, timeZone } = trail;
  return (
    <Table
      caption={t('desk.audit')}
      rows={entries}
      rowKey={({ id }) => String(id)}
      columns={[
        {
          title: t('desk.audit.when'),
          cell: ({ at }) => momentName(format, at, timeZone, { year: 'numeric' }),
        },
        { title: t('desk.audit.who'), cell: ({ actor }) => <Person person={actor} names={names} /> },
        { title: t('desk.audit.what'), cell: ({ action }) => t(`desk.audit.did.${action}`) },
        {
          title: t('desk.audit.whom'),
          cell: ({ actor, subject }) =>
            subject && subject !== actor && !subject.startsWith('session:') ? (
              <Person person={subject} names={names} />
            ) : null,
        },
        { title: t('desk.audit.data'), cell: ({ data }) => detailsOf(data) },
      ]}
    />
  );
}

/** By name, as a link to what else they did; somebody erased, or a thing without a name, by number. */
function Person({ person, names }: { person: string; names: Map<string, string> }) {
  const [kind = '', id] = person.split(':');
  const name = names.get(person) ?? nameless(kind, id);
  return isExact(person) ? <a href={auditAddress({ who: person })}>{name}</a> : name;
}

function nameless(kind: string, id: string | undefined): string {
  if (kind === 'system') return t('desk.audit.system');
  if (kind === 'guest') return t('desk.audit.guest');
  const number = kind === 'network' ? (id ?? '') : (id?.slice(-6) ?? '');
  return t('desk.audit.nameless', { kind, number });
}

/** The facts beside a deed, but those that other columns tell. */
function detailsOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  return Object.entries(data)
    .filter(([name]) => name !== 'organizationId')
    .map(([, value]) => (Array.isArray(value) ? value.join(', ') : String(value)))
    .join(' · ');
}
