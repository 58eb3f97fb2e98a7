import { idOf } from '#platform/ids.ts';
import type { DemoProduct } from './products.ts';
import { type Random, seeded } from './pictures/index.ts';

export interface DemoReview {
  id: string;
  productId: string;
  authorName: string;
  rating: number;
  title: string;
  body: string;
  writtenAt: Date;
}

const NAMES = [
  'Anouk',
  'Bram',
  'Carmen',
  'Daan',
  'Elif',
  'Femke',
  'Giulia',
  'Hannah',
  'Idris',
  'Jasper',
  'Katrin',
  'Lotte',
  'Mehmet',
  'Nora',
  'Oscar',
  'Petra',
  'Quentin',
  'Rosa',
  'Sander',
  'Tilda',
  'Ulrike',
  'Vera',
  'Willem',
  'Xenia',
  'Yara',
  'Zeynep',
  'Amélie',
  'Benoît',
  'Clara',
  'Dieter',
  'Eva',
  'Farid',
  'Greta',
  'Hugo',
  'Inès',
  'Jonas',
  'Kees',
  'Lena',
  'Marta',
  'Niels',
];
const INITIALS = Array.from('ABCDEFGHJKLMNPRSTVW');

interface Voice {
  title: string;
  body: string;
}

const VOICES: Record<1 | 2 | 3 | 4 | 5, readonly Voice[]> = {
  5: [
    {
      title: 'Better than the picture',
      body: 'I have had the {noun} for a month now and notice it every morning. The {colour} is warmer in daylight than on the screen.',
    },
    {
      title: 'Bought a second one',
      body: 'The first {noun} was a gift, and then I wanted one myself. Packed in paper, no plastic anywhere.',
    },
    {
      title: 'You can see that somebody made it',
      body: 'Small differences from the one in the shop, in the best way. Feels right in the hand.',
    },
    {
      title: 'Exactly what was missing',
      body: 'Stands in the hall and everybody asks about it. The measurements on the page are right to the millimetre.',
    },
    {
      title: 'A keeper',
      body: 'Three moves and two children later I will still have this {noun}. Thank you to the people in {place}.',
    },
    {
      title: 'So glad I waited',
      body: 'Looked at it for a year, then the store let me hold both colours next to each other. {colour} it was.',
    },
  ],
  4: [
    {
      title: 'Lovely, a little smaller than I thought',
      body: 'Do measure first. Otherwise there is nothing to say against this {noun}; the {colour} goes with everything.',
    },
    {
      title: 'Very good',
      body: 'Came a day later than promised, but well packed. The {noun} itself is beautiful.',
    },
    {
      title: 'Nearly perfect',
      body: 'One tiny mark in the finish, which I have stopped seeing. Would buy it again.',
    },
    {
      title: 'Good value for something handmade',
      body: 'Not cheap, but you see where it went. I would like it in one more size.',
    },
  ],
  3: [
    {
      title: 'Fine',
      body: 'A good {noun}, but the {colour} is greyer than I expected. Keeping it all the same.',
    },
    {
      title: 'Nice, with a but',
      body: 'Pretty to look at, a bit less practical in daily use than I had hoped.',
    },
  ],
  2: [
    {
      title: 'Not for me',
      body: 'Well made, only much heavier than I thought. Taking it back to the store was easy.',
    },
  ],
  1: [
    {
      title: 'Arrived damaged',
      body: 'The corner of the parcel was crushed. The replacement came within two days, but this one gets one star.',
    },
  ],
};

/** What buyers said. Most are content; the few who are not are here as well. */
export function* demoReviews(
  products: Iterable<DemoProduct>,
  perProduct: number,
  until: Date,
): Generator<DemoReview> {
  for (const product of products) {
    const random = seeded(`reviews ${product.record.id}`);
    const quality = random.normal(0, 0.35);
    const count = Math.max(0, Math.round(perProduct * random.between(0, 2)));
    for (let nth = 0; nth < count; nth++) yield oneReview(product, random, quality, nth, until);
  }
}

function oneReview(
  product: DemoProduct,
  random: Random,
  quality: number,
  nth: number,
  until: Date,
): DemoReview {
  const rating = Math.max(1, Math.min(5, Math.round(random.normal(4.45 + quality, 0.75)))) as
    | 1
    | 2
    | 3
    | 4
    | 5;
  const voice = random.pick(VOICES[rating]);
  const colour = random.pick(product.pictured.colours).name.toLowerCase();
  const fill = (text: string) =>
    text
      .replaceAll('{noun}', product.range.noun)
      .replaceAll('{colour}', colour)
      .replaceAll('{place}', product.maker.place);
  return {
    id: idOf('demo:review', `${product.record.id} ${nth}`),
    productId: product.record.id,
    authorName: `${random.pick(NAMES)} ${random.pick(INITIALS)}.`,
    rating,
    title: fill(voice.title),
    body: fill(voice.body),
    writtenAt: new Date(until.getTime() - random.int(1, 340) * 86_400_000 - random.int(0, 86_399) * 1000),
  };
}
