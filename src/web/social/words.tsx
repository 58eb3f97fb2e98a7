import type { ComponentChild } from 'preact';
import { tagFrom } from '#modules/posts/index.ts';

const MARKED =
  /(https?:\/\/[^\s<>"']+)|(?<![\w@])@([a-z0-9_]{3,30})\b|(?<![\p{L}\p{N}_&/#])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)/giu;
const SHOWN_MAX = 60;

interface Props {
  text: string;
  /** The words after "#" lead to what else stands under them. */
  hasTags?: boolean;
  /** Handles of people who are there: only those are links. */
  people?: ReadonlySet<string> | undefined;
  /** False where web addresses stay text. */
  hasLinks?: boolean;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * What a member wrote: text and nothing else, in paragraphs, its web addresses and the people it names made links. Links
 * that members give lead away from us, and say so to search engines.
 */
export function Words({ text, hasTags = false, people = NOBODY, hasLinks = true }: Props) {
  return (
    <div class="words">
      {text.split(/\n\s*\n/).map((paragraph, place) => (
        <p key={place}>{lines(paragraph, { hasTags, people, hasLinks })}</p>
      ))}
    </div>
  );
}

type Links = Required<Pick<Props, 'hasTags' | 'hasLinks'>> & { people: ReadonlySet<string> };

const lines = (paragraph: string, links: Links): ComponentChild[] =>
  paragraph
    .split('\n')
    .flatMap((line, place) =>
      place === 0 ? linked(line, links) : [<br key={`br${place}`} />, ...linked(line, links)],
    );

function linked(line: string, { hasTags, people, hasLinks }: Links): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let done = 0;
  for (const { 0: whole, 1: address, 2: handle, 3: word, index } of line.matchAll(MARKED)) {
    const tag = word !== undefined && hasTags ? tagFrom(word) : undefined;
    if (word !== undefined && tag === undefined) continue;
    if (handle !== undefined && !people.has(handle.toLowerCase())) continue;
    // A stop or a bracket at the end belongs to the sentence.
    const href = address?.replace(/[.,;:!?)\]}]+$/, '');
    if (href !== undefined && !(hasLinks && URL.canParse(href))) continue;
    parts.push(
      line.slice(done, index),
      href !== undefined ? (
        <Outward href={href} />
      ) : tag !== undefined ? (
        <a href={`/tags/${encodeURIComponent(tag)}`}>{whole}</a>
      ) : (
        <Mention handle={handle ?? ''} />
      ),
    );
    done = index + (href ?? whole).length;
  }
  return [...parts, line.slice(done)];
}

const Mention = ({ handle }: { handle: string }) => <a href={`/@${handle.toLowerCase()}`}>@{handle}</a>;

const Outward = ({ href }: { href: string }) => (
  <a href={href} rel="nofollow ugc noopener">
    {shownAddress(href)}
  </a>
);

/** Without the scheme, and cut where it is long: the place that it leads to stands first. */
function shownAddress(href: string): string {
  const { host, pathname, search } = new URL(href);
  const shown = `${host}${pathname === '/' ? '' : pathname}${search}`;
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown;
}
