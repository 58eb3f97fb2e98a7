import type { Db } from '#platform/db.ts';
import { rowsOf } from '#read/own/rows.ts';
import { type OwnBoard, ownBoards, ownLooks, ownPins, ownPosts, ownReviews } from '#read/own/things.ts';
import { picturePath } from './folder.ts';
import { readMeText as t } from './read-me-texts.ts';
import type { PhotoRef } from '#read/own/refs.ts';

const STYLE = `:root{color-scheme:light dark;--ground:light-dark(#F7F3EB,#16130F);--ink:light-dark(#1F1A14,#F3EDE2);--soft:light-dark(#6B6255,#A89E8F);--line:light-dark(#E2D9C8,#38322A);--link:light-dark(#B5482A,#E07A58)}
body{max-width:72rem;margin:0 auto;padding:2rem 1.25rem 5rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
h1,h2,h3{font-family:Georgia,serif;font-weight:400;line-height:1.15}h1{font-size:2.5rem}h2{margin-top:3.5rem;border-top:1px solid var(--line);padding-top:1.5rem}
a{color:var(--link)}.soft{color:var(--soft)}ul.pins{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:1.25rem;padding:0;list-style:none}
img{display:block;max-width:100%;border-radius:2px}p{white-space:pre-line;overflow-wrap:anywhere;margin:.4rem 0}`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function picture(photo: PhotoRef | null): string {
  const path = photo && picturePath(photo.id, photo.mimeType);
  return path ? `<img src="${escaped(path)}" alt="${escaped(photo.alt)}" loading="lazy">` : '';
}

const words = (text: string) => (text === '' ? '' : `<p>${escaped(text)}</p>`);

interface About {
  name: string;
  shop: string;
  madeAt: Date;
  files: readonly string[];
}

/** The folder as a page that needs nothing but the folder. */
export async function* readMe(tx: Db, memberId: string, { name, shop, madeAt, files }: About) {
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(t('title', { name, shop }))}</title><style>${STYLE}</style><h1>${escaped(t('title', { name, shop }))}</h1>
<p class="soft">${escaped(t('made', { day: madeAt.toISOString().slice(0, 10) }))}</p><p>${escaped(t('about'))}</p>`;
  yield* boardsAndPins(tx, memberId);
  yield `<h2>${t('looks')}</h2>`;
  for await (const { title, words: said, picture: drawn } of rowsOf(tx, 'page_looks', ownLooks(memberId)))
    yield `<h3>${escaped(title || t('untitled'))}</h3>${picture(drawn)}${words(said)}`;
  yield `<h2>${t('posts')}</h2>`;
  for await (const { caption, photos } of rowsOf(tx, 'page_posts', ownPosts(memberId)))
    yield `<ul class="pins">${photos.map((photo) => `<li>${picture(photo)}</li>`).join('')}</ul>${words(caption)}`;
  yield `<h2>${t('reviews')}</h2>`;
  for await (const { product, rating, title, body } of rowsOf(tx, 'page_reviews', ownReviews(memberId)))
    yield `<h3>${escaped(product.title)}</h3><p>${t('stars', { rating })}</p>${words(title)}${words(body)}`;
  yield `<h2>${t('tables')}</h2><ul>${files.map((file) => `<li><a href="${file}">${file}</a></li>`).join('')}</ul></html>`;
}

async function* boardsAndPins(tx: Db, memberId: string) {
  const boards = new Map<string, OwnBoard>();
  for await (const board of rowsOf(tx, 'page_boards', ownBoards(memberId))) boards.set(board.id, board);
  yield `<h2>${t('boards')}</h2>`;
  for (const { name, description, pinCount } of boards.values())
    yield `<h3>${escaped(name)}</h3>${words(description)}<p class="soft">${t('pins', { count: pinCount })}</p>`;
  yield `<h2>${t('pinned')}</h2>`;
  let shown = '';
  for await (const { board, note, product, photo, link, piece } of rowsOf(
    tx,
    'page_pins',
    ownPins(memberId),
  )) {
    if (board.id !== shown) {
      yield `${shown ? '</ul>' : ''}<h3>${escaped(board.name ?? t('elsewhere'))}</h3><ul class="pins">`;
      shown = board.id;
    }
    const title = product?.title ?? (link?.title || link?.url) ?? piece?.name ?? '';
    const address = link
      ? `<a href="${escaped(link.url)}" rel="noreferrer nofollow">${escaped(title)}</a>`
      : escaped(title);
    yield `<li>${picture(photo ?? link?.photo ?? null)}<strong>${address}</strong>${words(note)}</li>`;
  }
  if (shown) yield '</ul>';
}
