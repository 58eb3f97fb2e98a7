import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { namesOf } from '#modules/identity/index.ts';
import { act, concernPage, type ConcernPage, MODERATORS } from '#modules/safety/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Notice } from '../components/Notice.tsx';
import { Picture } from '../components/Picture.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { Words } from '../social/words.tsx';
import { momentName } from './figures.tsx';
import { kindName } from './moderation.tsx';
import { ActBody, actIn, DecideForm, MemberForms } from './moderation-acts.tsx';
import { DeskShell } from './shell.tsx';

const PATH = '/desk/moderation';
const Params = exactly({ id: Id });

interface View {
  concern: ConcernPage;
  names: ReadonlyMap<string, string>;
  timeZone: string;
  fault: string | undefined;
}

/** One thing that waits: what it says, whose it is, who reported it, what was done before, and what may be done now. */
export const concernPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const show = async (reply: FastifyReply, id: string, fault?: string) => {
    const concern = await concernPage(db, id);
    const names = await namesOf(db, [...new Set(concern.acts.map(({ byId }) => `member:${byId}`))]);
    const view = { concern, names, timeZone: config.timeZone, fault };
    return reply.page((about) => <ConcernView page={about} view={view} />);
  };

  app.get(`${PATH}/:id`, page(MODERATORS, { params: Params }), ({ params: { id } }, reply) =>
    show(reply, id),
  );

  app.post(
    `${PATH}/:id/act`,
    page(MODERATORS, { params: Params, body: ActBody }),
    async ({ viewer, params: { id }, body }, reply) => {
      const wish = actIn(body, id);
      if (typeof wish === 'string') return show(reply.code(422), id, wish);
      try {
        await inTransaction(db, (tx) => act(tx, viewer, wish, now()));
      } catch (error) {
        if (!(error instanceof AppError) || error.status === 404) throw error;
        const fault =
          error.code === 'safety.moved_meanwhile'
            ? say('desk.moderation.fault.moved')
            : t('desk.moderation.fault.refused', { why: error.title });
        return show(reply.code(error.status), id, fault);
      }
      return sendOn(reply, `${PATH}/${id}`, 'desk.moderation.done');
    },
  );
};

function ConcernView({ page: about, view }: { page: Page; view: View }) {
  const { concern, fault } = view;
  const title = t('desk.moderation.concern', {
    what: kindName(concern.kind),
    who: concern.owner?.name ?? t('words.somebody'),
  });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <p>
          <a href={PATH}>{t('desk.moderation')}</a>
        </p>
        <h1>{title}</h1>
        <p class="soft">
          {concern.isOpen
            ? t('desk.moderation.open', {
                why: concern.causes.map((each) => t(`desk.moderation.cause.${each}`)).join(', '),
              })
            : t('desk.moderation.closed')}
          {concern.state &&
            ` ${say(`desk.moderation.state.${concern.state}` as 'desk.moderation.state.live')}`}
        </p>
      </header>
      {fault && <Notice kind="error">{fault}</Notice>}
      <div class="moderation-grid">
        <div>
          <Thing concern={concern} />
          <Reports page={about} view={view} />
          <Signals page={about} view={view} />
          <Acts page={about} view={view} />
        </div>
        <div>
          <DecideForm concern={concern} />
          <Maker page={about} view={view} />
          {concern.owner && <MemberForms concern={concern} />}
        </div>
      </div>
    </DeskShell>
  );
}

function Thing({ concern }: { concern: ConcernPage }) {
  const { words, links, pictures, product, within } = concern;
  return (
    <section class="panel" aria-labelledby="thing">
      <h2 id="thing">{t('desk.moderation.says')}</h2>
      {words === '' && pictures.length === 0 && <p class="soft">{t('desk.moderation.says.nothing')}</p>}
      {words !== '' && <Words text={words} />}
      {links.map((link) => (
        // Shown, not linked: a moderator need not go where it leads.
        <p key={link} class="moderation-link">
          <code>{link}</code>
        </p>
      ))}
      {pictures.length > 0 && (
        <div class="said-pictures">
          {pictures.map((picture) => (
            <Picture key={picture.sha256} picture={picture} sizes="14rem" />
          ))}
        </div>
      )}
      {(product || within) && (
        <dl class="facts">
          {product && (
            <>
              <dt>{t('desk.moderation.product')}</dt>
              <dd>
                <a href={`/p/${product.slug}`}>{product.title}</a>
              </dd>
            </>
          )}
          {within && (
            <>
              <dt>{t('desk.moderation.within')}</dt>
              <dd>
                {kindName(within.kind)}
                {within.owner && `, ${within.owner.name}`}
                {within.words !== '' && <span class="soft moderation-words">{within.words}</span>}
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function Reports({ page: { format }, view: { concern, timeZone } }: { page: Page; view: View }) {
  if (concern.reports.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="reports">
      <h2 id="reports">{t('desk.moderation.reports')}</h2>
      <ul class="moderation-list">
        {concern.reports.map(({ reporter, level, reason, words, at }, place) => (
          <li key={place}>
            <strong>{t(`safety.reason.${reason}`)}</strong>
            <span class="soft">
              {t('desk.moderation.by', {
                who: reporter?.name ?? t('words.somebody'),
                level: t(`safety.level.${level as 0 | 1 | 2 | 3}`),
                at: momentName(format, at, timeZone),
              })}
            </span>
            {words && <Words text={words} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Signals({ page: { format }, view: { concern, timeZone } }: { page: Page; view: View }) {
  if (concern.signals.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="signals">
      <h2 id="signals">{t('desk.moderation.signals')}</h2>
      <Table
        caption={t('desk.moderation.signals')}
        rows={concern.signals}
        rowKey={({ kind, isOfMaker }) => `${kind} ${isOfMaker}`}
        columns={[
          { title: t('desk.moderation.signal'), cell: ({ kind }) => t(`desk.moderation.signal.${kind}`) },
          {
            title: t('desk.moderation.strength'),
            figures: true,
            cell: ({ value }) => format.percent(value),
          },
          {
            title: t('desk.moderation.evidence'),
            cell: ({ evidence }) => <code class="moderation-words">{JSON.stringify(evidence)}</code>,
          },
          { title: t('desk.moderation.last'), cell: ({ at }) => momentName(format, at, timeZone) },
        ]}
      />
    </section>
  );
}

function Acts({ page: { format }, view: { concern, names, timeZone } }: { page: Page; view: View }) {
  if (concern.acts.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="acts">
      <h2 id="acts">{t('desk.moderation.acts')}</h2>
      <ul class="moderation-list">
        {concern.acts.map(({ id, kind, reason, note, byId, at, appeal }) => (
          <li key={id}>
            <strong>{t(`desk.moderation.did.${kind}`)}</strong>
            <span class="soft">
              {[
                reason && t(`safety.reason.${reason}`),
                names.get(`member:${byId}`),
                momentName(format, at, timeZone),
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
            {note && <Words text={note} />}
            {appeal !== null && (
              <blockquote class="removal-note">
                <p class="soft">{t('desk.moderation.appeal')}</p>
                <Words text={appeal} />
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Maker({ page: { format }, view: { concern, timeZone } }: { page: Page; view: View }) {
  const { owner, trust, history } = concern;
  if (!owner) return null;
  const until = trust?.suspendedUntil;
  return (
    <section class="panel" aria-labelledby="maker">
      <h2 id="maker">{t('desk.moderation.maker')}</h2>
      <p>
        <a href={`/@${owner.handle}`}>{owner.name}</a> <span class="soft">@{owner.handle}</span>
      </p>
      {trust && (
        <p>
          {t(`safety.level.${trust.level}`)}
          {trust.isSet && ` (${t('desk.moderation.trust.set')}${trust.why && `: ${trust.why}`})`}
          {until &&
            `. ${t('desk.moderation.until', { at: momentName(format, until, timeZone, { year: 'numeric' }) })}`}
        </p>
      )}
      {history.length === 0 ? (
        <p class="soft">{t('desk.moderation.history.none')}</p>
      ) : (
        <Table
          caption={t('desk.moderation.history')}
          rows={history}
          rowKey={({ kind }) => kind}
          columns={[
            { title: t('desk.moderation.history'), cell: ({ kind }) => t(`desk.moderation.did.${kind}`) },
            { title: t('desk.moderation.times'), figures: true, cell: ({ count }) => count },
            {
              title: t('desk.moderation.last'),
              cell: ({ lastAt }) => momentName(format, lastAt, timeZone),
            },
          ]}
        />
      )}
    </section>
  );
}
