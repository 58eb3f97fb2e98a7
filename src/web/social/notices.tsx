import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  chooseNotices,
  NOTICE_KINDS,
  type NoticeChoice,
  noticeChoices,
  type NoticeLine,
  noticesOf,
  seeNotices,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type Subject, subjectsOf } from '#read/notice-subjects.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { Avatar } from './person.tsx';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What a member is told of, and how they want to be. */
export const noticePages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  app.get(
    '/notices',
    page('member', { querystring: Type.Object({ cursor: Type.Optional(Text(40)) }) }),
    async ({ viewer: { memberId = '' }, query: { cursor } }, reply) => {
      const found = await noticesOf(reads, memberId, UUID.exec(cursor ?? '')?.[0]);
      const subjects = await subjectsOf(reads, memberId, found.notices);
      return reply.page((about) => <NoticesPage page={about} {...found} subjects={subjects} />);
    },
  );

  app.post(
    '/notices/seen',
    page('member', { body: Type.Object({ throughId: Id }) }),
    async ({ viewer: { memberId = '' }, body: { throughId } }, reply) => {
      await inTransaction(db, (tx) => seeNotices(tx, memberId, throughId, now()));
      return sendOn(reply, '/notices');
    },
  );

  app.get('/notices/settings', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const choices = await noticeChoices(reads, memberId);
    return reply.page((about) => <SettingsPage page={about} choices={choices} />);
  });

  const Ticked = Type.Object(
    Object.fromEntries(
      NOTICE_KINDS.flatMap((kind) => [`${kind}.page`, `${kind}.mail`]).map((name) => [
        name,
        Type.Optional(Text(3)),
      ]),
    ),
  );
  app.post(
    '/notices/settings',
    page('member', { body: Ticked }),
    async ({ viewer: { memberId = '' }, body }, reply) => {
      const ticked = body as Record<string, string | undefined>;
      const choices = NOTICE_KINDS.map((kind) => ({
        kind,
        inPage: ticked[`${kind}.page`] === 'yes',
        byMail: ticked[`${kind}.mail`] === 'yes',
      }));
      await inTransaction(db, (tx) => chooseNotices(tx, memberId, choices));
      return sendOn(reply, '/notices/settings', 'notices.settings.saved');
    },
  );
};

interface Props {
  page: Page;
  notices: readonly NoticeLine[];
  subjects: ReadonlyMap<string, Subject>;
  cursor: string | null;
}

function NoticesPage({ page: about, notices, subjects, cursor }: Props) {
  const days = Map.groupBy(notices, ({ at }) => about.format.day(at));
  const first = notices[0];
  return (
    <Layout page={about} title={t('notices.title')} index={false}>
      <div class="wrap notices">
        <header class="feed-head">
          <h1>{t('notices.title')}</h1>
          <div class="board-acts">
            {first && notices.some(({ isSeen }) => !isSeen) && (
              <form method="post" action="/notices/seen">
                <input type="hidden" name="throughId" value={first.id} />
                <Button look="plain">{t('notices.seen')}</Button>
              </form>
            )}
            <a class="text-button" href="/notices/settings">
              {t('notices.settings')}
            </a>
          </div>
        </header>
        {notices.length === 0 && (
          <EmptyState title={t('notices.none')} text={t('notices.none.text')}>
            <ButtonLink href="/boards">{t('feed.home.none.go')}</ButtonLink>
          </EmptyState>
        )}
        {[...days].map(([day, told]) => (
          <section key={day}>
            <h2 class="notices-day">{day}</h2>
            <ul class="notice-list">
              {told.map((notice) => (
                <NoticeItem key={notice.id} notice={notice} subject={subjects.get(notice.id)} page={about} />
              ))}
            </ul>
          </section>
        ))}
        {cursor && (
          <div class="pages">
            <ButtonLink href={`/notices?cursor=${cursor}`} look="plain">
              {t('notices.older')}
            </ButtonLink>
          </div>
        )}
      </div>
    </Layout>
  );
}

interface ItemProps {
  page: Page;
  notice: NoticeLine;
  subject: Subject | undefined;
}

function NoticeItem({ page: { format }, notice, subject }: ItemProps) {
  const { kind, actor, isSeen, data } = notice;
  const [was, is, currency] = [data['wasMinor'], data['isMinor'], data['currency']];
  return (
    <li class="notice-item" data-unseen={isSeen ? undefined : ''}>
      {actor && <Avatar person={actor} size={36} />}
      <p>
        {!isSeen && <span class="visually-hidden">{t('notices.new')} </span>}
        {actor && (
          <>
            <a href={`/@${actor.handle}`}>{actor.name}</a>{' '}
          </>
        )}
        {t(`notices.${kind}`)}
        {subject?.title && (
          <>
            {': '}
            {subject.href ? <a href={subject.href}>{subject.title}</a> : subject.title}
          </>
        )}
        {!subject?.title && subject?.href && (
          <>
            {' '}
            <a href={subject.href}>{t('notices.see')}</a>
          </>
        )}
        {typeof was === 'number' && typeof is === 'number' && typeof currency === 'string' && (
          <>
            {' '}
            <s>{format.money(was, currency)}</s> <strong>{format.money(is, currency)}</strong>
          </>
        )}
      </p>
    </li>
  );
}

function SettingsPage({ page: about, choices }: { page: Page; choices: readonly NoticeChoice[] }) {
  return (
    <Layout page={about} title={t('notices.settings')} index={false}>
      <div class="wrap account">
        <h1>{t('notices.settings')}</h1>
        <p>{t('notices.settings.lead')}</p>
        <form method="post" action="/notices/settings" class="form">
          <table class="notice-choices">
            <thead>
              <tr>
                <th scope="col">{t('notices.settings.what')}</th>
                <th scope="col">{t('notices.settings.page')}</th>
                <th scope="col">{t('notices.settings.mail')}</th>
              </tr>
            </thead>
            <tbody>
              {choices.map(({ kind, inPage, byMail }) => (
                <tr key={kind}>
                  <th scope="row">{t(`notices.of.${kind}`)}</th>
                  <td>
                    <Tick
                      name={`${kind}.page`}
                      isOn={inPage}
                      label={t('notices.settings.page')}
                      kind={kind}
                    />
                  </td>
                  <td>
                    <Tick
                      name={`${kind}.mail`}
                      isOn={byMail}
                      label={t('notices.settings.mail')}
                      kind={kind}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="soft small">{t('notices.settings.consent')}</p>
          <Button>{t('notices.settings.save')}</Button>
        </form>
      </div>
    </Layout>
  );
}

interface TickProps {
  name: string;
  isOn: boolean;
  label: string;
  kind: NoticeChoice['kind'];
}

const Tick = ({ name, isOn, label, kind }: TickProps) => (
  <input
    type="checkbox"
    name={name}
    value="yes"
    checked={isOn}
    aria-label={`${t(`notices.of.${kind}`)}: ${label}`}
  />
);
