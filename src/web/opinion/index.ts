import { contactPage } from './contact.tsx';
import { opinionPage } from './opinion.tsx';
import { opinionStopPage } from './stop.tsx';

export const opinionPages = [opinionStopPage, opinionPage, contactPage];
