import { followingPage } from './following.tsx';
import { mailOffPage } from './mail-off.tsx';
import { noticePages } from './notices.tsx';
import { noticesLive } from './notices-live.ts';
import { ownProfilePages } from './own-profile.tsx';
import { profilePages } from './profile.tsx';
import { saidForms } from './said.tsx';

export const socialPages = [
  profilePages,
  ownProfilePages,
  saidForms,
  noticePages,
  noticesLive,
  mailOffPage,
  followingPage,
];
