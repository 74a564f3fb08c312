/** A directory as a blob container. */
export { connectDirectory } from './container.ts';
