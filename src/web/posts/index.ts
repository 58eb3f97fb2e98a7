import { postLists } from './lists.tsx';
import { markPages } from './mark.tsx';
import { postForms } from './post-form.tsx';
import { newPost } from './new.tsx';
import { postPages } from './post.tsx';

export const postPlugins = [newPost, postForms, markPages, postLists, postPages];
