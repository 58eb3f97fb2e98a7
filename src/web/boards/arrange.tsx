import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { boardErrors, SECTION_NAME_MAX } from '#modules/boards/index.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type BoardPage, boardPage, type PinCard } from '#read/board-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Picture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { titleOf } from './pin-cards.tsx';

const STEPS = ['first', 'earlier', 'later', 'last'] as const;

/** Puts pins and sections in order: by buttons, and where there is script by dragging too. */
export const arrangePages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const Cursor = Type.Optional(Type.String({ pattern: '^-?[0-9.]{1,60}_[0-9a-f-]{36}$' }));
  app.get(
    '/boards/:id/arrange',
    page('member', { params: Type.Object({ id: Id }), querystring: Type.Object({ cursor: Cursor }) }),
    async ({ viewer: { memberId = '' }, params: { id }, query: { cursor } }, reply) => {
      const board = await boardPage(reads, { memberId }, id, { cursor });
      if (board.standing !== 'owner' && board.standing !== 'editor') throw boardErrors.board_not_yours({});
      return reply.page((about) => <ArrangePage page={about} board={board} cursor={cursor ?? ''} />);
    },
  );
};

interface Props {
  board: BoardPage;
  /** Of the page of pins that is shown. */
  cursor: string;
}

function ArrangePage({ page: about, board, cursor }: Props & { page: Page }) {
  const title = t('boards.arrange.title', { name: board.name });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap">
        <Breadcrumbs
          crumbs={[{ name: board.name, href: `/boards/${board.id}` }, { name: t('boards.act.arrange') }]}
        />
        <h1>{title}</h1>
        <p class="soft">
          {t(board.sections.length > 0 ? 'boards.arrange.text.sections' : 'boards.arrange.text')}
        </p>
        <pin-order
          data-moved={t('boards.arrange.moved', { name: '{name}', place: '{place}', count: '{count}' })}
          data-failed={t('boards.arrange.failed')}
          data-sorted={t('boards.arrange.sorted', { name: '{name}', section: '{section}' })}
          data-unsorted={t('boards.arrange.unsorted', { name: '{name}' })}
        >
          <p class="visually-hidden" role="status" aria-live="polite" />
          {board.sections.length > 0 && <SectionTargets board={board} />}
          <ol class="places">
            {board.pins.map((pin) => (
              <li
                key={pin.id}
                class="place"
                id={`place-${pin.id}`}
                data-pin={pin.id}
                data-name={nameOf(pin)}
                data-section={pin.sectionId ?? ''}
              >
                <PlaceView pin={pin} board={board} cursor={cursor} />
              </li>
            ))}
          </ol>
        </pin-order>
        <p class="board-acts">
          {board.cursor && (
            <a class="button plain" href={`/boards/${board.id}/arrange?cursor=${board.cursor}`}>
              {t('boards.arrange.more')}
            </a>
          )}
          <ButtonLink href={`/boards/${board.id}`}>{t('boards.arrange.done')}</ButtonLink>
        </p>
        {board.sections.length > 0 && <SectionOrder board={board} />}
      </div>
    </Layout>
  );
}

/** Where a hand drops what belongs to a section; each pin's own list of them does the same for everybody else. */
const SectionTargets = ({ board: { sections } }: { board: BoardPage }) => (
  <ul class="section-targets" aria-hidden="true" hidden>
    {[{ id: '', name: t('boards.pin.no_section') }, ...sections].map(({ id, name }) => (
      <li key={id} data-section={id}>
        {name}
      </li>
    ))}
  </ul>
);

const nameOf = (pin: PinCard) =>
  titleOf(pin) || pin.picture?.alt || pin.note.slice(0, 60) || t('boards.pin.title');

function PlaceView({ pin, board, cursor }: Props & { pin: PinCard }) {
  const name = nameOf(pin);
  return (
    <>
      <div class="place-picture">
        <Picture picture={pin.picture} sizes="12rem" alt="" />
        <span>{name}</span>
      </div>
      <form
        method="post"
        action={`/pins/${pin.id}/step`}
        class="place-steps"
        aria-label={t('boards.arrange.pin', { name })}
      >
        <input type="hidden" name="cursor" value={cursor} />
        {STEPS.map((step) => (
          <button key={step} type="submit" class="text-button" name="step" value={step}>
            {t(`boards.arrange.${step}`)}
          </button>
        ))}
      </form>
      {board.sections.length > 0 && (
        <form method="post" action={`/pins/${pin.id}/section`} class="inline-form place-section">
          <input type="hidden" name="board" value={board.id} />
          <input type="hidden" name="cursor" value={cursor} />
          <select name="section" aria-label={t('boards.arrange.section', { name })}>
            {[{ id: '', name: t('boards.pin.no_section') }, ...board.sections].map((section) => (
              <option key={section.id} value={section.id} selected={section.id === (pin.sectionId ?? '')}>
                {section.name}
              </option>
            ))}
          </select>
          <button type="submit" class="text-button" aria-label={t('boards.arrange.section.move', { name })}>
            {t('boards.arrange.section.save')}
          </button>
        </form>
      )}
    </>
  );
}

function SectionOrder({ board: { id, sections } }: { board: BoardPage }) {
  const move = (sectionId: string, before: string, text: string) => (
    <form method="post" action={`/boards/${id}/sections/move`}>
      <input type="hidden" name="sectionId" value={sectionId} />
      <input type="hidden" name="before" value={before} />
      <button type="submit" class="text-button">
        {text}
      </button>
    </form>
  );
  return (
    <section id="sections" aria-labelledby="sections-title">
      <h2 id="sections-title">{t('boards.arrange.sections')}</h2>
      <ol class="makers">
        {sections.map((section, place) => (
          <li key={section.id} aria-label={section.name}>
            <form method="post" action={`/boards/${id}/sections`} class="inline-form">
              <input type="hidden" name="sectionId" value={section.id} />
              <input
                name="name"
                value={section.name}
                required
                maxlength={SECTION_NAME_MAX}
                aria-label={t('boards.section.name')}
              />
              <button type="submit" class="text-button">
                {t('boards.arrange.rename')}
              </button>
            </form>
            <div class="board-acts">
              {place > 0 && move(section.id, sections[place - 1]?.id ?? '', t('boards.arrange.earlier'))}
              {place < sections.length - 1 &&
                move(section.id, sections[place + 2]?.id ?? '', t('boards.arrange.later'))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
