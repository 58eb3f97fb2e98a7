import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import { mailedTo } from '#platform/mailed-links.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf, CONSENT_PURPOSES, membersConsenting } from '../identity/index.ts';
import { collectorErrors, sourceOfKey, streamFreshness } from '../collector/index.ts';
import { noteClick } from './clicks.ts';
import { personsErrors } from './errors.ts';
import { giveEvidence, undoEvidence } from './evidence.ts';
import { journeyOfMember, STEPS_MAX } from './journey.ts';
import { NODE_KINDS, type PersonNode } from './nodes.ts';
import { EVENTS_MAX, eventsOfMember, personOfMember } from './persons.ts';

const READS = ['staff:service', 'scope:persons:read'] as const;
const WRITES = ['staff:admin', 'scope:persons:write'] as const;
const OneId = exactly({ id: Id });
const Moment = Type.String({ format: 'date-time' });
const PurposeName = Type.Enum([...CONSENT_PURPOSES], {
  description: 'What it is asked for: each of their accounts has to agree to that at this moment',
});
const EvidenceKind = Type.Enum(['sign_in', 'order', 'link_click', 'match']);

const Node = exactly({
  kind: Type.Enum([...NODE_KINDS]),
  scope: Type.String({
    maxLength: 100,
    default: '',
    description: 'The source of an anonymous id or a device, the network of a handle',
  }),
  value: Type.String({ minLength: 1, maxLength: 255 }),
});

const PersonAnswer = Type.Object({
  personId: Id,
  nodes: Type.Array(Type.Object({ id: Id, ...Node.properties, isShared: Type.Boolean() })),
  evidence: Type.Array(
    Type.Object({
      id: Id,
      kind: EvidenceKind,
      fromNode: Id,
      toNode: Id,
      isStrong: Type.Boolean(),
      saidBy: Type.String(),
      seenAt: Moment,
      undoneAt: Type.Union([Moment, Type.Null()]),
    }),
  ),
});

type Routes = NonNullable<Module['routes']>;

export const routes: Routes = async (app, deps) => {
  await personRoutes(app, deps);
  await journeyRoutes(app, deps);
  await evidenceRoutes(app, deps);
  await clickRoutes(app, deps);
};

const personRoutes: Routes = async (app, deps) => {
  const { db } = deps;

  app.get(
    '/members/:id',
    {
      config: { access: READS },
      schema: {
        operationId: 'getPerson',
        summary: 'What stands for the person that a member is, and why',
        params: OneId,
        querystring: exactly({ purpose: PurposeName }),
        response: {
          200: PersonAnswer,
          ...problems(personsErrors.person_not_found, personsErrors.consent_missing),
        },
      },
    },
    async ({ params, query }) => {
      const { evidence, ...person } = await personOfMember(db, params.id, query.purpose);
      const told = evidence.map((each) => ({
        ...each,
        seenAt: each.seenAt.toISOString(),
        undoneAt: each.undoneAt?.toISOString() ?? null,
      }));
      return { ...person, evidence: told };
    },
  );

  app.get(
    '/members/:id/events',
    {
      config: { access: READS },
      schema: {
        operationId: 'listPersonEvents',
        summary: `What the person did, the newest ${EVENTS_MAX} of a period`,
        params: OneId,
        querystring: exactly({ purpose: PurposeName, from: Moment, until: Moment }),
        response: {
          200: Type.Object({
            events: Type.Array(
              Type.Object({
                name: Type.String(),
                occurredAt: Moment,
                touchpoint: Type.String(),
                productId: Type.String(),
                orderId: Type.String(),
              }),
            ),
          }),
          ...problems(personsErrors.person_not_found, personsErrors.consent_missing),
        },
      },
    },
    async ({ params, query }) => {
      const period = { from: new Date(query.from), until: new Date(query.until) };
      return { events: await eventsOfMember(deps, params.id, query.purpose, period) };
    },
  );
};

const journeyRoutes: Routes = async (app, deps) => {
  app.get(
    '/members/:id/journeys/:orderId',
    {
      config: { access: READS },
      schema: {
        operationId: 'getJourney',
        summary: `What the person did before an order of theirs, in its order: the last ${STEPS_MAX} steps`,
        params: exactly({ id: Id, orderId: Id }),
        querystring: exactly({
          purpose: PurposeName,
          days: Type.Integer({ minimum: 1, maximum: 366, default: 30 }),
        }),
        response: {
          200: Type.Object({
            orderedAt: Moment,
            steps: Type.Array(
              Type.Object({
                name: Type.String(),
                at: Moment,
                touchpoint: Type.String(),
                productId: Type.String(),
                orderId: Type.String(),
                url: Type.String(),
              }),
            ),
            asOf: Moment,
            isBehind: Type.Boolean({ description: 'Events that were answered are still on their way' }),
            sql: Type.Object(
              { text: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) },
              { description: 'What was asked of ClickHouse for the steps' },
            ),
          }),
          ...problems(personsErrors.order_not_theirs, personsErrors.consent_missing),
        },
      },
    },
    async ({ params: { id, orderId }, query: { purpose, days } }) => {
      // Read first: the steps are then at least as current as it says.
      const { asOf, isBehind } = await streamFreshness(deps.db);
      const { orderedAt, steps, sql } = await journeyOfMember(deps, id, purpose, { orderId, days });
      const told = steps.map((step) => ({ ...step, at: step.at.toISOString() }));
      return { orderedAt: orderedAt.toISOString(), steps: told, asOf: asOf.toISOString(), isBehind, sql };
    },
  );
};

const evidenceRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/evidence/:id',
    {
      config: { access: WRITES },
      schema: {
        operationId: 'putEvidence',
        summary: 'Says why two things may be one person; the same id again is a retry',
        params: OneId,
        body: exactly({
          kind: Type.Enum(['link_click', 'match'], {
            description: 'A link whose token was proved, or a match that the member agreed to',
          }),
          from: Node,
          to: Node,
          isStrong: Type.Boolean({ default: false }),
          seenAt: Moment,
        }),
        response: {
          204: Type.Null(),
          ...problems(
            personsErrors.same_node,
            personsErrors.member_unknown,
            personsErrors.evidence_differs,
            personsErrors.consent_missing,
          ),
        },
      },
    },
    async ({ params, body, viewer }, reply) => {
      const { seenAt, ...told } = body;
      const evidence = { ...told, id: params.id, seenAt: new Date(seenAt), saidBy: actorOf(viewer) };
      await inTransaction(db, async (tx) => {
        if (told.kind === 'match') await assertAgreed(tx, [told.from, told.to]);
        await giveEvidence(tx, evidence);
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/evidence/:id/undo',
    {
      config: { access: WRITES },
      schema: {
        operationId: 'undoEvidence',
        summary: 'Parts what was wrongly joined; the evidence stays in the ledger and joins nothing',
        params: OneId,
        response: { 204: Type.Null(), ...problems(personsErrors.evidence_not_found) },
      },
    },
    async ({ params, viewer }, reply) => {
      await inTransaction(db, (tx) => undoEvidence(tx, actorOf(viewer), params.id, now()));
      return reply.code(204).send(null);
    },
  );
};

const clickRoutes: Routes = async (app, { db, now, config }) => {
  app.post(
    '/clicks',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'noteMailClick',
        summary: 'Says that a browser whose visitor agreed to be counted opened a link of a mail',
        body: exactly({
          writeKey: Type.String({ maxLength: 100, description: 'Of the source that the browser sends to' }),
          anonymousId: Type.String({ minLength: 1, maxLength: 255 }),
          via: Type.String({ maxLength: 39, description: 'What stands behind `#via=` in the link' }),
        }),
        response: { 204: Type.Null(), ...problems(personsErrors.click_unknown, collectorErrors.key_unknown) },
      },
    },
    async ({ body: { writeKey, anonymousId, via } }, reply) => {
      const whom = mailedTo(config, via);
      if (!whom) throw personsErrors.click_unknown({});
      const { id: sourceId } = await sourceOfKey(db, writeKey);
      await inTransaction(db, (tx) => noteClick(tx, { sourceId, anonymousId }, whom, now()));
      return reply.code(204).send(null);
    },
  );
};

/** A match is made with a member's agreement: for a network by its own, otherwise by the one about figures. */
async function assertAgreed(tx: Parameters<typeof membersConsenting>[0], nodes: PersonNode[]): Promise<void> {
  const members = nodes.flatMap(({ kind, value }) => (kind === 'member' ? [value] : []));
  const network = nodes.find(({ kind }) => kind === 'handle')?.scope;
  const purpose = CONSENT_PURPOSES.find((known) => known === `network:${network}`) ?? 'analytics';
  const agreeing = await membersConsenting(tx, members, purpose);
  if (members.some((id) => !agreeing.has(id))) throw personsErrors.consent_missing({ purpose });
}
