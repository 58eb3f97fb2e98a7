import { feedPages } from './feed.tsx';
import { socialSearchPages } from './search-social.tsx';
import { popularBoardsPage } from './popular-boards.tsx';

export const feedPlugins = [feedPages, popularBoardsPage, socialSearchPages];
