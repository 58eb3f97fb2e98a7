import type { ComponentChild } from 'preact';

const MARKED = /(https?:\/\/[^\s<>"']+)|(?<![\w@])@([a-z0-9_]{3,30})\b/gi;
const SHOWN_MAX = 60;

/**
 * What a member wrote: text and nothing else, in paragraphs, its web addresses and the people it names made links. Links
 * that members give lead away from us, and say so to search engines.
 */
export function Words({ text }: { text: string }) {
  return (
    <div class="words">
      {text.split(/\n\s*\n/).map((paragraph, place) => (
        <p key={place}>{lines(paragraph)}</p>
      ))}
    </div>
  );
}

const lines = (paragraph: string): ComponentChild[] =>
  paragraph
    .split('\n')
    .flatMap((line, place) => (place === 0 ? linked(line) : [<br key={`br${place}`} />, ...linked(line)]));

function linked(line: string): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let done = 0;
  for (const { 0: whole, 1: address, 2: handle = '', index } of line.matchAll(MARKED)) {
    // A stop or a bracket at the end belongs to the sentence.
    const href = address?.replace(/[.,;:!?)\]}]+$/, '');
    if (href !== undefined && !URL.canParse(href)) continue;
    parts.push(
      line.slice(done, index),
      href === undefined ? <Mention handle={handle} /> : <Outward href={href} />,
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
