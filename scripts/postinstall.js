/**
 * Runs after `npm ci`. Plain JavaScript, because a Node that is too old must be able to run it, too.
 * - Links node_modules/.bin/node if npm hasn't.
 * - Prints one sentence if the machine's Node is older than `engines` requires: npm scripts then run on the Node in node_modules.
 * - Fails if there is no Node that is new enough, neither in node_modules nor on the machine.
 * - Deletes the C++ headers of the Node in node_modules: 67 MB that only native add-ons need.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const { engines, optionalDependencies } = readJson('package.json');
const required = engines.node.replace('>=', '');

const WINDOWS = process.platform === 'win32';
const PROGRAM = WINDOWS ? 'node.exe' : 'node';
const BIN = join('node_modules', '.bin');

/** The package that brings Node for this platform. */
const brought = Object.keys(optionalDependencies).find((name) =>
  existsSync(join('node_modules', name, 'bin', PROGRAM)),
);

/** Whether `version` is `required` or newer. */
function isEnough(version) {
  const [wanted, actual] = [required, version].map((text) => text.split('.').map(Number));
  const index = wanted.findIndex((part, place) => part !== actual[place]);
  return index === -1 || actual[index] > wanted[index];
}

/** The version of the Node that runs npm. This script often runs on the other one, because npm puts node_modules/.bin first. */
function machineVersion() {
  const agent = /\bnode\/v(\d+\.\d+\.\d+)/.exec(process.env.npm_config_user_agent ?? '');
  return agent === null ? process.versions.node : agent[1];
}

/** npm 10, which Node 20 and 22 bring, deletes the link together with the packages of the other platforms, whose links have the same name. */
function linkNode() {
  if (existsSync(join(BIN, 'node')) || existsSync(join(BIN, PROGRAM))) return;
  mkdirSync(BIN, { recursive: true });
  if (WINDOWS) linkSync(join('node_modules', brought, 'bin', PROGRAM), join(BIN, PROGRAM));
  else symlinkSync(join('..', brought, 'bin', PROGRAM), join(BIN, PROGRAM));
}

function sayWhichNode() {
  const machine = machineVersion();
  if (isEnough(machine)) return;
  const own = brought === undefined ? machine : readJson('node_modules', brought, 'package.json').version;
  if (isEnough(own)) {
    console.log(
      `This machine has Node ${machine}, so use npm run or npx instead of node: they use Node ${own}, which is now in node_modules.`,
    );
  } else {
    const platform = `${process.platform} ${process.arch}`;
    console.error(
      `Install Node ${required} or newer: this is ${machine}, and there is no newer Node in node_modules for ${platform}.`,
    );
    process.exitCode = 1;
  }
}

function deleteHeaders() {
  rmSync(join('node_modules', brought, 'include'), { recursive: true, force: true });
  // Older than a package's folder, npm's list of what is installed would count as out of date.
  const list = join('node_modules', '.package-lock.json');
  if (existsSync(list)) utimesSync(list, new Date(), new Date());
}

// `npm install --package-lock-only` runs this, too.
if (process.env.npm_config_package_lock_only !== 'true') {
  sayWhichNode();
  if (brought !== undefined) {
    linkNode();
    deleteHeaders();
  }
}
