/** A separate file, so that the bundler can split it from the code that every step loads. */
export { getIDToken } from '@actions/core';
