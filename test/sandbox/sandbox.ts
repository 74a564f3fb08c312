import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCloud } from './cloud.ts';
import type { Cloud, CloudOptions } from './cloud.ts';
import { startControl } from './control.ts';
import type { SandboxDescription, Side } from './description.ts';
import { DEFAULT_JOB, subjectOf } from './id-token-claims.ts';
import { startIdTokenService } from './id-token.ts';
import type { IdTokenService } from './id-token.ts';
import type { SettingsPatch } from './settings.ts';
import { startAzurite } from './storage/azurite.ts';
import type { AzuriteProcess } from './storage/azurite.ts';
import { createAuthority } from './tls.ts';
import type { CertificateAuthority } from './tls.ts';

/** Options of a sandbox. */
export interface SandboxOptions {
  /** Differences from the default settings, in both clouds. */
  readonly settings?: SettingsPatch;
  /** The folder for its files. Absent: a temporary folder. Its files are removed when it stops. */
  readonly folder?: string;
  /** Whether the clouds have no pipelines yet. */
  readonly empty?: boolean;
  /** The subject that the federated credentials trust. Absent: that of the default job. */
  readonly trusts?: string;
  /** A process with the storage accounts of several sandboxes. Absent: this sandbox starts its own. */
  readonly azurite?: AzuriteProcess;
}

/** Two running clouds. */
export interface Sandbox {
  readonly description: SandboxDescription;
  readonly stop: () => Promise<void>;
}

/** The audience that Entra requires in federated assertions. */
const FEDERATION_AUDIENCE = 'api://AzureADTokenExchange';

type Parties = Readonly<Record<Side | 'github', CertificateAuthority>>;

async function openFolder(wanted: string | undefined, started: AsyncDisposableStack): Promise<string> {
  if (wanted !== undefined) {
    await mkdir(wanted, { recursive: true });
    return path.resolve(wanted);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'acr-transfer-sandbox-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Each cloud has its own CA, so that a client that trusts one rejects the other. Another CA is for GitHub. */
async function createParties(): Promise<Parties> {
  const [source, target, github] = await Promise.all([
    createAuthority('acr-transfer sandbox, source cloud'),
    createAuthority('acr-transfer sandbox, target cloud'),
    createAuthority('acr-transfer sandbox, GitHub'),
  ]);
  return { source, target, github };
}

async function writeCertificates(folder: string, parties: Parties, started: AsyncDisposableStack): Promise<string> {
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    started.defer(() => rm(file, { force: true }));
    return file;
  };
  await write('source-ca.pem', parties.source.certificate);
  await write('target-ca.pem', parties.target.certificate);
  return write(
    'ca.pem',
    Object.values(parties)
      .map(({ certificate }) => `${certificate.trim()}\n`)
      .join(''),
  );
}

/** Starts both at the same time. If one fails, the other one stops. */
async function startClouds(
  optionsOf: (side: Side) => CloudOptions,
  started: AsyncDisposableStack,
): Promise<Record<Side, Cloud>> {
  const start = async (side: Side): Promise<Cloud> => {
    const options = optionsOf(side);
    const cloud = await startCloud(options);
    started.defer(() => rm(options.folder, { recursive: true, force: true }));
    started.defer(cloud.stop);
    return cloud;
  };
  const [source, target] = await Promise.allSettled([start('source'), start('target')]);
  if (source.status === 'rejected') throw source.reason;
  if (target.status === 'rejected') throw target.reason;
  return { source: source.value, target: target.value };
}

/** The shared state of both clouds of a sandbox. */
interface Common {
  readonly folder: string;
  readonly runner: IdTokenService;
  readonly settings: SettingsPatch;
  readonly empty: boolean;
  readonly trusts: string;
  readonly azurite: AzuriteProcess;
}

function cloudOptions(
  side: Side,
  parties: Parties,
  { folder, runner, settings, empty, trusts, azurite }: Common,
): CloudOptions {
  return {
    side,
    authority: parties[side],
    caFile: path.join(folder, `${side}-ca.pem`),
    storage: { azurite, trustedCas: [parties.source.certificate, parties.target.certificate] },
    folder: path.join(folder, side),
    settings,
    empty,
    federatedCredential: {
      issuer: runner.issuer,
      issuerCa: parties.github.certificate,
      subject: trusts,
      audience: FEDERATION_AUDIENCE,
    },
  };
}

/** A process that ends with the sandbox. */
function ownAzurite(started: AsyncDisposableStack): AzuriteProcess {
  const azurite = startAzurite();
  started.defer(azurite.close);
  return azurite;
}

/** Starts the sandbox in this process. Storage has its own process. */
export async function startSandbox({
  settings = {},
  folder: wanted,
  empty = false,
  trusts = subjectOf(DEFAULT_JOB),
  azurite: shared,
}: SandboxOptions = {}): Promise<Sandbox> {
  await using started = new AsyncDisposableStack();
  // First, because it takes the longest to load.
  const azurite = shared ?? ownAzurite(started);
  const folder = await openFolder(wanted, started);
  const parties = await createParties();
  const caFile = await writeCertificates(folder, parties, started);
  const runner = await startIdTokenService(parties.github);
  started.defer(runner.close);
  const clouds = await startClouds(
    (side) => cloudOptions(side, parties, { folder, runner, settings, empty, trusts, azurite }),
    started,
  );
  const { source, target } = clouds;
  const control = await startControl(parties.github, { source: source.controlled, target: target.controlled });
  started.defer(control.close);
  const running = started.move();
  const { issuer, requestUrl, requestToken, subject } = runner;
  return {
    stop: () => running.disposeAsync(),
    description: {
      pid: process.pid,
      pids: [process.pid, azurite.pid],
      caFile,
      control: { url: control.origin, key: control.key },
      github: { issuer, requestUrl, requestToken, subject },
      source: source.description,
      target: target.description,
    },
  };
}
