import { ownProfilePages } from './own-profile.tsx';
import { profilePages } from './profile.tsx';
import { saidForms } from './said.tsx';

export const socialPages = [profilePages, ownProfilePages, saidForms];
