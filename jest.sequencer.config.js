import Sequencer from '@jest/test-sequencer';

/** From the longest test files, which wait for most of their time, to those that take a second. */
const ORDER = [
  /\/e2e\/(?:records|stowaway|errors)\.test\.ts$/,
  /\/e2e\/(?:faults-[\w-]+|temporary-faults|diagnosis-[\w-]+|setup-[\w-]+|proxy|handoff|resumed|live)\.test\.ts$/,
  /\/test\/e2e\//,
  /\/test\/workflows\//,
  /\/test\/sandbox\//,
];

const rank = ({ path }) => {
  const found = ORDER.findIndex((pattern) => pattern.test(path));
  return found === -1 ? ORDER.length : found;
};

/** Starts the longest test files first, so that none of them is left for the end. A new clone has no durations of earlier runs. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
