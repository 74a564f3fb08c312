/**
 * Runs after `npm ci`. Plain JavaScript, because a Node that is too old must be able to run it, too.
 * - Prints one sentence if the machine's Node is older than `engines` requires: npm scripts then run on the Node in node_modules.
 * - Fails if there is no Node that is new enough, neither in node_modules nor on the machine.
 * - Deletes the C++ headers of that Node: 67 MB that only native add-ons need.
 */
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const { engines, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const required = engines.node.replace('>=', '');

/** Whether `version` is `required` or newer. */
function isEnough(version) {
  const [wanted, actual] = [required, version].map((text) => text.split('.').map(Number));
  const index = wanted.findIndex((part, place) => part !== actual[place]);
  return index === -1 || actual[index] > wanted[index];
}

/** The Node that runs npm. This script runs on the one in node_modules, because npm puts node_modules/.bin first. */
function machineVersion() {
  const agent = /\bnode\/v(\d+\.\d+\.\d+)/.exec(process.env.npm_config_user_agent ?? '');
  return agent === null ? process.versions.node : agent[1];
}

function sayWhichNode() {
  const [machine, own] = [machineVersion(), process.versions.node];
  if (!isEnough(own)) {
    const platform = `${process.platform} ${process.arch}`;
    console.error(
      `Install Node ${required} or newer: this is ${own}, and there is no Node in node_modules for ${platform}.`,
    );
    process.exitCode = 1;
  } else if (!isEnough(machine)) {
    console.log(
      `This machine has Node ${machine}, so use npm run or npx instead of node: they use Node ${own}, which is now in node_modules.`,
    );
  }
}

function deleteHeaders() {
  const installed = Object.keys(optionalDependencies).map((name) => join('node_modules', name, 'include'));
  for (const folder of installed) rmSync(folder, { recursive: true, force: true });
  // Older than a package's folder, npm's list of what is installed would count as out of date.
  const list = join('node_modules', '.package-lock.json');
  if (existsSync(list)) utimesSync(list, new Date(), new Date());
}

// `npm install --package-lock-only` runs this, too.
if (process.env.npm_config_package_lock_only !== 'true') {
  sayWhichNode();
  deleteHeaders();
}
