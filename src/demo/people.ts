import type { Deps } from '#platform/module.ts';
import { seedMembers } from '../modules/identity/index.ts';
import type { Face } from './pictures/index.ts';

/** A member of the demo as they show themselves. Nobody signs in as one, but as Ada. */
export interface DemoPerson {
  handle: string;
  name: string;
  bio: string;
  face: Face;
}

const TABLE = `
ada | Ada Verhoeven | Rents an upstairs in Leiden with good light. Collects vases faster than flowers. | bob | 5a3a26 | e8bf9f | b9633f | d9cdb6
bram | Bram de Wit | Two children, one long table. Looking for things that survive both. | short beard | 8a5a34 | ecc7a8 | 3a5a6b | c9d2cb
carmen | Carmen Ortega | Cooks for eight every Sunday. Bowls, always bowls. | long | 2e2019 | d8a27c | 7c3f42 | ecd9bd
elif | Elif Aydın | Interior architect. Notes mostly to myself; steal what you like. | bob glasses | 231a16 | d9a883 | 46423d | d6dcd0
femke | Femke Postma | Houseboat, 41 square metres. Everything folds, hangs or stacks. | bun | c79a5b | f0d0b4 | 8f9c83 | cfe0df
giulia | Giulia Ferri | Ceramics student in Faenza. Here for the glazes. | curls | 3b241a | e2b48e | c2935c | e9d9cd
hannah | Hannah Lindqvist | Slow mornings, strong coffee, wool. | long glasses | d8b777 | f2d6bf | 6c7a86 | e5ddcf
idris | Idris Bello | Restores lamps. Opinions on cable colours available on request. | short | 1b1512 | 8d5a3c | d9a25a | c8b8a2
jasper | Jasper Vos | First flat, first drill. Learning. | curls glasses | 7a4e2b | edc5a3 | 52677a | dfe1d4
katrin | Katrin Weiss | Bookbinder. Paper, linen, quiet colours. | bob | a9a29a | ecc9ae | 4d5a4c | e4dccb
lotte | Lotte Jansen | Garden first, house second. Pots on every sill. | bun | 9a5b32 | f0cdb0 | 6f7a4a | d5dcc4
mehmet | Mehmet Kaya | Tea in glasses, music on vinyl, feet on a pouf. | short beard | 2a1f1a | cf9c73 | 2f4858 | dccab0
nora | Nora Haddad | Writes about homes for a living. Keeps the best finds here. | scarf | 7d5a6c | d6a47d | b98a5a | e8dcd0
oscar | Oscar Lund | Furniture maker. I look at joints. | short beard glasses | b08a5c | eac3a4 | 5a5148 | d2d6d0
petra | Petra Novak | Making a cabin in the Beskids warm, one blanket at a time. | long | 6a3f28 | eec8aa | 8a3f34 | d8cdb8
quentin | Quentin Moreau | Lyon. One colour a room, no more. | bald glasses | 3c3028 | e6bb97 | 303a44 | e2d3c2
rosa | Rosa Martins | Nursery, toddlers, washable everything. | curls | 1f1714 | a9714c | d08a6a | e9dfc9
sander | Sander Bakker | Runs a small café. Cups must stack. | bald beard | 5b4332 | ecc4a2 | 3f5a50 | d9d0bf
tilda | Tilda Berg | Collects blue. That is the whole bio. | bob | e0c08a | f3d8c2 | 34567a | cfd9e2
vera | Vera Simons | Retired from the theatre; the living room is now the set. | bun glasses | cfc9c2 | eac8b0 | 7a3b52 | e6d6cf
willem | Willem Dekker | Sails, reads, mends baskets. | short glasses | c4beb6 | e9bf9c | 3e5872 | d3dad6
yara | Yara Haidar | Small balcony, large plans. | curls | 33211a | c48f68 | a5704c | dfe3cf
zeynep | Zeynep Demir | Photographs tables. Sometimes people sit at them. | long | 1e1613 | dfb08b | 5f4b66 | e3d8c9
hugo | Hugo Lambert | Wall by wall through an old house in Ghent. | short | 4a3324 | edc8a8 | 7d8a6a | d8d2c6
`;

const HAIR = ['short', 'bob', 'bun', 'long', 'curls', 'bald', 'scarf'] as const;

export const DEMO_PEOPLE: readonly DemoPerson[] = TABLE.trim().split('\n').map(personOf);

function personOf(line: string): DemoPerson {
  const [handle = '', name = '', bio = '', looks = '', hairColour, skin, wears, behind] = line.split(' | ');
  const [hair, ...more] = looks.split(' ');
  const face: Face = {
    hair: HAIR.find((each) => each === hair) ?? 'short',
    hairColour: `#${hairColour}`,
    skin: `#${skin}`,
    wears: `#${wears}`,
    behind: `#${behind}`,
    hasGlasses: more.includes('glasses'),
    hasBeard: more.includes('beard'),
  };
  return { handle, name, bio, face };
}

/** Their accounts by their handles, made where they are missing. */
export async function demoMembers(deps: Deps): Promise<Map<string, string>> {
  const wishes = DEMO_PEOPLE.map(({ handle, name }) => ({ name, email: emailOf(handle) }));
  const ids = await seedMembers(deps, wishes);
  return new Map(DEMO_PEOPLE.map(({ handle }) => [handle, ids.get(emailOf(handle)) ?? '']));
}

const emailOf = (handle: string) => `${handle}@stoa.example`;
