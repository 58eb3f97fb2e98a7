export { customersTogether, regroupings, withPersons } from './customers.ts';
export { erasePersons } from './erase.ts';
export { personsErrors } from './errors.ts';
export { journeyOfMember, type Step, stepsOfMember } from './journey.ts';
export { membersAppearing, personsOfMembers } from './persons.ts';
