export { erasePersons } from './erase.ts';
export { eventsOfMember, membersAppearing, type PersonEvent } from './persons.ts';
export { personsErrors } from './errors.ts';
