/** What is done with what is known of a member: `use.<code>` and its parts, for each use that src/web/account/uses.ts declares. */
export const uses = {
  'use.title': 'What is known of you, and what it is for',
  'use.lead':
    'This is all of it. Nobody buys it, rents it or gets it in exchange for anything, and which pages you looked at is kept with your name nowhere.',
  'use.what': 'What',
  'use.why': 'What for',
  'use.kept': 'How long',
  'use.sees': 'Who sees it',
  'use.basis': 'On which ground',
  'use.basis.asked': 'You asked for it',
  'use.basis.law': 'Your purchase, and the law about books',
  'use.basis.agreed': 'You agreed, and can change your mind',
  'use.basis.safety': 'To keep your account and others safe',
  'use.looked.title': 'Who looked at what',
  'use.looked':
    'Pages that you open are not written down under your name, and who looked at your things is not either: not for you, not for us, not for anybody. Recorded are what you do: what you buy, save, say and follow. The counts under a board or a post count what people did, not who looked.',

  'use.account': 'Your account',
  'use.account.what': 'Name, e-mail address, ways to sign in, the code of your card, invitations to a team',
  'use.account.why': 'To let you in, and nobody else',
  'use.account.kept': 'Until you delete the account',
  'use.account.sees': 'You; staff who serve buyers see name and address with an order',

  'use.sign_ins': 'Sign-ins',
  'use.sign_ins.what': 'From which address and browser you are signed in, how often something was tried',
  'use.sign_ins.why': 'So that you can see and end a sign-in that is not yours, and nobody guesses passwords',
  'use.sign_ins.kept': 'Until the sign-in ends; attempts for a day; deeds of staff stay, by number',
  'use.sign_ins.sees': 'You',

  'use.orders': 'What you bought',
  'use.orders.what': 'Orders, where they went, notes with gifts, returns, your cart, store credit',
  'use.orders.why': 'To send, to take back, to pay back, and to keep the books',
  'use.orders.kept': 'The sale for as long as books are kept; who and where until you delete the account',
  'use.orders.sees': 'You, staff who serve buyers, and the carrier of a parcel',

  'use.profile': 'How you show yourself',
  'use.profile.what': 'Handle, name, words about you, photos, whom you follow, block and mute',
  'use.profile.why': 'So that others find you, and those you block do not',
  'use.profile.kept': 'Until you change or delete it',
  'use.profile.sees': 'Everybody but those you block; whom you block and mute only you',

  'use.collections': 'What you gather and make',
  'use.collections.what': 'Boards, pins, looks, posts and suggestions, with their words and pictures',
  'use.collections.why': 'To show them to whom you choose',
  'use.collections.kept': 'Until you delete them; copies in caches and files for a day at most',
  'use.collections.sees': 'Whom you chose: everybody, who has the link, those you make it with, or you alone',

  'use.words': 'What you say',
  'use.words.what':
    'Reviews, questions, answers, comments, reactions, votes, what you say of yourself in reviews',
  'use.words.why': 'So that others decide better',
  'use.words.kept': 'Until you delete them; an empty place stays where others answered',
  'use.words.sees': 'Everybody who sees what it is said of',

  'use.opinion': 'How it went, as you said',
  'use.opinion.what':
    'Your answers after a purchase, a delivery, a visit or a return, your words with them, and what you wrote to the shop',
  'use.opinion.why': 'To see where something goes wrong, and to ask you no more often than you would bear',
  'use.opinion.kept': 'The figure without your name for good; your words until you delete the account',
  'use.opinion.sees': 'Staff of the shop',
  'use.feed': 'What you are shown first',
  'use.feed.what': 'What you saved, follow and asked to see less of; what you were told',
  'use.feed.why': 'To choose what your first page shows, and to tell you of answers and prices',
  'use.feed.kept': 'Until you take it back',
  'use.feed.sees': 'You',

  'use.trust': 'How far you are trusted',
  'use.trust.what':
    'A level, how often something is done in an hour, what you reported or said against a removal, and what moderators decided about your things',
  'use.trust.why': 'To keep out those who flood or cheat',
  'use.trust.kept': 'Until you delete the account; decisions stay, by number',
  'use.trust.sees': 'You, and moderators',

  'use.figures': 'Figures and offers',
  'use.figures.what':
    'What you agreed to, each time you changed it; how often, how lately and for how much you bought, what you are drawn to more than others are, and what others had of your words and boards',
  'use.figures.why': 'Figures of use, personal offers, and each network, each only where you said yes',
  'use.figures.kept':
    'The yes or no as the proof of it, by number only once the account is deleted; your figures until the night after you say no',
  'use.figures.sees': 'You, and staff who serve you, while you agree; of figures, sums of many people',

  'use.visits': 'Visits',
  'use.visits.what':
    'What pages, apps and partners tell of visits: what was looked at, put into a cart and bought, and to what you said yes',
  'use.visits.why': 'Figures of use, each only where you said yes',
  'use.visits.kept': '25 months; what came and could not be read, a month',
  'use.visits.sees':
    'Staff who mend what could not be read; staff who serve you, while you agree; of figures, sums of many people',

  'use.trials': 'What was tried',
  'use.trials.what':
    'Which way of showing the shop your browser was given, and that its random number is yours',
  'use.trials.why': 'To see which way serves people better, only where you agreed to be counted',
  'use.trials.kept': 'That the number is yours until you delete the account; counts of numbers stay',
  'use.trials.sees': 'Sums of many people, and nobody by name',

  'use.moving': 'Archives and repeated requests',
  'use.moving.what':
    'The archives you asked for, what of one you brought could not be taken, answers to programs of yours',
  'use.moving.why': 'To give you what is yours, and to do nothing twice',
  'use.moving.kept': 'Archives five days, or a day once you deleted something; answers a day',
  'use.moving.sees': 'You',

  'use.desk': 'What you keep at the desk',
  'use.desk.what': 'Of staff: the views of figures that you saved, with their names',
  'use.desk.why': 'To open again what you look at often',
  'use.desk.kept': 'Until you delete them, or the account',
  'use.desk.sees': 'You',
} as const;
