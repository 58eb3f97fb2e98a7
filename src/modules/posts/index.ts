export { postContents } from './contents.ts';
export { erasePosts } from './erase.ts';
export { postErrors } from './errors.ts';
export { type Hotspot, POST_PHOTOS_MAX, putHotspot, putPhotos, removeHotspot } from './photos.ts';
export {
  CAPTION_LENGTH_MAX,
  changePost,
  deletePost,
  draftPost,
  endPosts,
  postFor,
  type PostWords,
  publishPost,
} from './post.ts';
export { draftsOf, type PostCard, type PostCards, postCards, postList, type PostsOf } from './post-list.ts';
export { type PostPage, postPage, type PostPhoto, type ShownProduct } from './post-page.ts';
export { tagFrom, tagsLike } from './tags.ts';
