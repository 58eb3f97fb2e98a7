import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import {
  actorOf,
  addOrganization,
  identityErrors,
  ORGANIZATION_ROLES,
  type Organization,
  type OrganizationRole,
  organizations,
} from '#modules/identity/index.ts';
import { brandVoices } from '#modules/reviews/index.ts';
import { mayEnter } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { brandNames } from '#read/product-names.ts';
import { withFault } from '../account/door.tsx';
import { readTeam, type Team, teamForms, TeamParts, type TeamTyped } from '../account/team-forms.tsx';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Check, Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';

export const ORGANIZATIONS = '/desk/organizations';
const NAME_MAX = 120;

const Wished = exactly({
  id: Id,
  name: Text(NAME_MAX),
  roles: Type.Array(Type.Enum([...ORGANIZATION_ROLES]), { maxItems: ORGANIZATION_ROLES.length, default: [] }),
});
type Typed = Static<typeof Wished>;
type Faults = Partial<Record<'name' | 'roles', string>>;

const roleName = (role: OrganizationRole): string => t(`desk.organizations.role.${role}`);

/** The companies of the chain: their people work at the desk (the retailer's) or speak for their brands (a maker's). */
export const organizationPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  const show = async (reply: FastifyReply, typed: Typed, faults: Faults = {}) => {
    const found = await organizations(db);
    return reply.page((about) => <ListPage page={about} view={{ found, typed, faults }} />);
  };
  const blank = (): Typed => ({ id: newId(), name: '', roles: [] });
  app.get(ORGANIZATIONS, page('staff'), (_request, reply) => show(reply, blank()));

  app.post(ORGANIZATIONS, page('staff:admin', { body: Wished }), async ({ viewer, body }, reply) => {
    const { id, roles } = body;
    const name = body.name.trim();
    const faults: Faults = {
      ...(name === '' && { name: say('desk.organizations.no_name') }),
      ...(roles.length === 0 && { roles: say('desk.organizations.no_role') }),
    };
    if (Object.keys(faults).length > 0) return show(reply.code(422), body, faults);
    try {
      await inTransaction(db, (tx) => addOrganization(tx, actorOf(viewer), { id, name, roles }));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== identityErrors.organization_differs.code)
        throw error;
      // The form was sent before, with something else in it: with a number of its own it is another one.
      return show(reply.code(409), { ...body, id: newId() }, { name: say('desk.organizations.differs') });
    }
    return sendOn(reply, `${ORGANIZATIONS}/${id}`, 'desk.organizations.added');
  });

  await app.register(organizationPage, deps);
};

const organizationPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const path = `${ORGANIZATIONS}/:id`;
  const organizationIn = async (id: string | undefined) => (await organizationOf(db, id)).id;
  const show = async (reply: Parameters<typeof withFault>[0], id: string, typed: TeamTyped) => {
    const [organization, team, brands] = await Promise.all([
      organizationOf(db, id),
      readTeam(db, id, now()),
      brandsOf(db, id),
    ]);
    withFault(reply, typed.fault);
    return reply.page((about) => (
      <OrganizationPage page={about} view={{ organization, team, brands, typed }} />
    ));
  };
  app.get(path, page('staff:admin', { params: Type.Object({ id: Id }) }), async ({ params: { id } }, reply) =>
    show(reply, await organizationIn(id), {}),
  );
  await app.register(teamForms, { ...deps, path, organizationIn, show });
};

async function organizationOf(db: Db, id: string | undefined): Promise<Organization> {
  const organization = (await organizations(db)).find((each) => each.id === id);
  if (!organization) throw identityErrors.organization_unknown({});
  return organization;
}

interface Brand {
  slug: string;
  name: string;
}

/** For which they speak today. */
async function brandsOf(db: Db, organizationId: string): Promise<Brand[]> {
  const [voices, brands] = await Promise.all([brandVoices(db), brandNames(db)]);
  const spoken = new Set(
    voices
      .filter((voice) => voice.organizationId === organizationId && voice.untilAt === null)
      .map(({ brandId }) => brandId),
  );
  return brands.filter(({ id }) => spoken.has(id));
}

interface ListView {
  found: readonly Organization[];
  typed: Typed;
  faults: Faults;
}

function ListPage({ page: about, view }: { page: Page; view: ListView }) {
  const mayManage = mayEnter(about.viewer, 'staff:admin');
  return (
    <DeskShell page={about} title={t('desk.organizations')}>
      <header class="desk-head">
        <h1>{t('desk.organizations')}</h1>
        <p class="soft">{t('desk.organizations.lead')}</p>
        <p>
          <a href="/desk/makers">{t('desk.organizations.makers')}</a>
        </p>
      </header>
      {view.found.length === 0 ? (
        <EmptyState title={t('desk.organizations.none')} text={t('desk.organizations.none.text')} />
      ) : (
        <Table
          caption={t('desk.organizations')}
          rows={view.found}
          rowKey={({ id }) => id}
          cards
          columns={[
            {
              title: t('desk.organizations.name'),
              cell: ({ id, name }) => (mayManage ? <a href={`${ORGANIZATIONS}/${id}`}>{name}</a> : name),
            },
            {
              title: t('desk.organizations.roles'),
              cell: ({ roles }) => about.format.list(roles.map(roleName)),
            },
            {
              title: t('desk.organizations.about'),
              cell: ({ runsMarketplace }) => (runsMarketplace ? t('desk.organizations.own') : ''),
            },
          ]}
        />
      )}
      {mayManage && <AddForm view={view} />}
    </DeskShell>
  );
}

function AddForm({ view: { typed, faults } }: { view: ListView }) {
  return (
    <section class="admin-form panel" aria-labelledby="add">
      <h2 id="add">{t('desk.organizations.add')}</h2>
      <form method="post" action={ORGANIZATIONS} class="form" novalidate>
        <input type="hidden" name="id" value={typed.id} />
        <Field
          name="name"
          label={t('desk.organizations.name')}
          value={typed.name}
          error={faults.name}
          required
          input={{ maxlength: NAME_MAX }}
        />
        <fieldset class="choices" aria-describedby={faults.roles ? 'roles-fault' : undefined}>
          <legend>{t('desk.organizations.roles')}</legend>
          {faults.roles && (
            <p class="field-error" id="roles-fault">
              {faults.roles}
            </p>
          )}
          {ORGANIZATION_ROLES.map((role) => (
            <Check
              key={role}
              name="roles"
              value={role}
              label={roleName(role)}
              checked={typed.roles.includes(role)}
            />
          ))}
        </fieldset>
        <div class="actions">
          <Button>{t('desk.organizations.add.button')}</Button>
        </div>
      </form>
    </section>
  );
}

interface OneView {
  organization: Organization;
  team: Team;
  brands: readonly Brand[];
  typed: TeamTyped;
}

function OrganizationPage({ page: about, view }: { page: Page; view: OneView }) {
  const { organization, team, brands, typed } = view;
  const { id, name, roles, runsMarketplace } = organization;
  return (
    <DeskShell page={about} title={name}>
      <header class="desk-head">
        <p>
          <a href={ORGANIZATIONS}>{t('desk.organizations')}</a>
        </p>
        <h1>{name}</h1>
        <p class="soft">
          {about.format.list(roles.map(roleName))}
          {runsMarketplace && `. ${t('desk.organizations.own')}`}
        </p>
      </header>
      {roles.includes('maker') && <Brands brands={brands} />}
      <h2>{t('desk.organizations.people')}</h2>
      {!runsMarketplace && <p class="soft">{t('desk.organizations.people.lead')}</p>}
      {team.members.length === 0 && <Notice>{t('desk.organizations.nobody')}</Notice>}
      <TeamParts page={about} at={`${ORGANIZATIONS}/${id}`} team={team} {...typed} />
    </DeskShell>
  );
}

function Brands({ brands }: { brands: readonly Brand[] }) {
  return (
    <section aria-labelledby="brands">
      <h2 id="brands">{t('desk.organizations.brands')}</h2>
      {brands.length === 0 ? (
        <p class="soft">{t('desk.organizations.brands.none')}</p>
      ) : (
        <ul>
          {brands.map(({ slug, name }) => (
            <li key={slug}>
              <a href={`/b/${slug}`}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href="/desk/makers">{t('desk.organizations.makers')}</a>
      </p>
    </section>
  );
}
