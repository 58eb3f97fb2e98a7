import { expect, test } from 'vitest';
import { tagsIn } from './tags.ts';

test('tags are the words after #, the same for all who write them', () => {
  expect(tagsIn('#Küche and #KÜCHE, #ｆｕｌｌ #a_b! (#last)')).toEqual(['küche', 'full', 'a_b', 'last']);
  expect(tagsIn('no#tag, https://x.example/#frag, &#39; ##twice #1 #12_3')).toEqual([]);
  expect(tagsIn(`#${'x'.repeat(51)} #${'y'.repeat(50)}`)).toEqual(['y'.repeat(50)]);
  expect(tagsIn(Array.from({ length: 40 }, (_, n) => `#t${n}`).join(' '))).toHaveLength(30);
});
