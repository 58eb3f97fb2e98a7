export {
  type AbilityName,
  changeEarnedTrust,
  isNotMoreOpen,
  type Leave,
  leaveOf,
  mayDo,
  refusePaused,
  refuseWithout,
  setTrust,
  suspend,
  type Trust,
  type TrustLevel,
  trustOf,
} from './abilities.ts';
export { type Activity, activityOf } from './activity.ts';
export {
  agree,
  type HouseRules,
  houseRules,
  missingOf,
  setMinimumAge,
  setTermsVersion,
} from './agreements.ts';
export { CommentCursor } from './answers.ts';
export {
  type CollaboratorRole,
  invite,
  type InvitationWish,
  join,
  leave,
  removeCollaborator,
} from './collaborators.ts';
export {
  changeCommentStates,
  type Comment,
  COMMENT_LENGTH_MAX,
  COMMENT_PHOTOS_MAX,
  type CommentPage,
  commentsOf,
  deleteComment,
  editComment,
  endComments,
  say,
} from './comments.ts';
export { commentContents, type Content } from './contents.ts';
export { eraseSocial } from './erase.ts';
export { socialErrors } from './errors.ts';
export {
  block,
  type Followed,
  follow,
  followPage,
  isFollowing,
  mute,
  shunned,
  unblock,
  unfollow,
  unmute,
} from './follows.ts';
export { mentioned, namedIn } from './mentions.ts';
export {
  chooseNotices,
  DAILY_KINDS,
  endMail,
  membersToMail,
  type NoticeChoice,
  noticeChoices,
  type NoticeLine,
  noticesOf,
  seeNotices,
  toMail,
  unseenOf,
} from './notice-list.ts';
export { NOTICE_KINDS, type NoticeKind, notify, notifyAnew, quietly, notifyManyAnew } from './notices.ts';
export {
  changeProfile,
  ownProfile,
  peopleOf,
  type Person,
  type Profile,
  profileOf,
  clearProfile,
} from './people.ts';
export {
  addPhoto,
  describePhoto,
  type Photo,
  mediaOfPhotos,
  photoLooks,
  photosOf,
  picturesOf,
  profilePhotoOf,
  removePhotos,
  seedPhoto,
  readdressPhotos,
} from './photos.ts';
export {
  changeState,
  makePiece,
  type NewPiece,
  setVisibility,
  type StateChange,
  wordsChanged,
} from './pieces.ts';
export { endReactions, react, REACTION_KINDS, talliesOf, type Tally, unreact } from './reactions.ts';
export { recordPeople, recordPieces, type RecordedPiece, recordTalk, type RecordedTalk } from './record.ts';
export { type Eye, open, openAll, type Opened, openedPiece, selfOf, type Standing } from './visibility.ts';
export { cleanWords } from './words.ts';
