import { accountPages } from './account.tsx';
import { addressPages } from './address.tsx';
import { apiKeyPages } from './api-keys.tsx';
import { creditPages } from './credit.tsx';
import { codePages } from './code.tsx';
import { dataPages } from './data.tsx';
import { figuresPages } from './figures.tsx';
import { invitationPages } from './invitation.tsx';
import { madePages } from './made.tsx';
import { passwordPages } from './password.tsx';
import { privacyPages } from './privacy.tsx';
import { signInPages } from './sign-in.tsx';
import { signUpPages } from './sign-up.tsx';
import { teamPages } from './team.tsx';

/** The front door, the account, and the desk's pages for people and keys. */
export const accountPlugins = [
  signUpPages,
  signInPages,
  passwordPages,
  accountPages,
  addressPages,
  privacyPages,
  dataPages,
  figuresPages,
  madePages,
  codePages,
  creditPages,
  invitationPages,
  teamPages,
  apiKeyPages,
];
