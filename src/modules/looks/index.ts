export { type Change, changeOf, dropChange, keepChange } from './change.ts';
export { complementsOf, findComplements } from './complements.ts';
export { lookContents } from './contents.ts';
export { eraseLooks } from './erase.ts';
export { lookErrors } from './errors.ts';
export { type Face, faceKey, facesOf, fileOf } from './faces.ts';
export { Colour, Layout } from './layout-schema.ts';
export {
  deleteLook,
  endLooks,
  ITEMS_MAX,
  type LookItem,
  type LookWish,
  publishLook,
  saveLook,
  TITLE_MAX,
  type Wording,
  WORDING_MAX,
  WORDINGS_MAX,
  WORDS_MAX,
} from './look.ts';
export { type LookCard, looksIn, looksOf, looksWith } from './looks-of.ts';
export { partsOf } from './parts.ts';
export { type Credit, creditsOf, remix } from './remix.ts';
export { answerSwap, endSwaps, REASON_MAX, suggestSwap, type Swap, swapsOf } from './swaps.ts';
export { laidOut } from './template.ts';
