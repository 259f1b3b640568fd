// The pages in this language stand here in English until they are written.
export { pages } from './en.ts';
