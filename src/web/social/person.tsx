import type { Person } from '#modules/social/index.ts';
import { smallestFile } from '../components/Picture.tsx';

/** Somebody's picture, or the first letter of their name. The name stands beside it. */
export function Avatar({ person, size = 40 }: { person: Pick<Person, 'name' | 'picture'>; size?: number }) {
  const { name, picture } = person;
  const box = {
    inlineSize: `${size}px`,
    blockSize: `${size}px`,
    fontSize: `${Math.max(12, Math.round(size * 0.42))}px`,
  };
  if (!picture)
    return (
      <span class="avatar" style={box} aria-hidden="true">
        {name.slice(0, 1).toUpperCase()}
      </span>
    );
  return (
    <img
      class="avatar"
      src={`/media/${picture.sha256}/${smallestFile(picture)}`}
      alt=""
      width={size}
      height={size}
      style={box}
      loading="lazy"
    />
  );
}

/** Who it is, as a link to their page. */
export function PersonLink({ person, size = 28 }: { person: Person; size?: number }) {
  return (
    <a class="person-link" href={`/@${person.handle}`}>
      <Avatar person={person} size={size} />
      <span>{person.name}</span>
    </a>
  );
}
