export { erasePersons } from './erase.ts';
