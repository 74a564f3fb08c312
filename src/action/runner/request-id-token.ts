/** Alone in a file, so that the bundler can part it from what every step loads. */
export { getIDToken } from '@actions/core';
