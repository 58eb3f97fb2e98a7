export { stopMail } from './digest.ts';
export { eraseFeed, LESS_KINDS, seeAgain, seeLess } from './less.ts';
export { type Graph, walk } from './walk.ts';
