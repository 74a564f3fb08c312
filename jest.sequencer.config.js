import Sequencer from '@jest/test-sequencer';

/** From what takes minutes, waiting for most of them, to what is done in a second. */
const ORDER = [
  /\/e2e\/(?:setup|resumed|mended|diagnosis|errors|live|handoff|faults-[\w-]+)\.test\.ts$/,
  /\/test\/e2e\//,
  /\/test\/workflows\//,
  /\/test\/sandbox\//,
];

const rank = ({ path }) => {
  const found = ORDER.findIndex((pattern) => pattern.test(path));
  return found === -1 ? ORDER.length : found;
};

/** Begins with the longest tests, so that none of them is left for the end. A new clone has yet to learn how long each takes. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
