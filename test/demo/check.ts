import { readFile } from 'node:fs/promises';
import { connect } from '../sandbox/content/connection.ts';
import { registryLogin } from '../sandbox/content/index.ts';
import type { CloudDescription } from '../sandbox/description.ts';
import type { Released } from './content.ts';

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Requests every artifact of a registry, with another client than the action's.
 * @returns for each artifact, in order, the digest that the registry returns; null if it doesn't exist
 */
export async function digestsAt(
  cloud: CloudDescription,
  artifacts: readonly Released[],
): Promise<readonly (string | null)[]> {
  const ca = await readFile(cloud.caFile, 'utf8');
  const tokens = registryLogin(cloud, ca);
  const connection = connect(ca);
  const look = async ({ repository, reference }: Released): Promise<string | null> => {
    const token = await tokens(`repository:${repository}:pull`);
    const url = `https://${cloud.registry.loginServer}/v2/${repository}/manifests/${reference}`;
    const headers = { accept: ACCEPT, authorization: `Bearer ${token}` };
    const answer = await connection.ask({ method: 'HEAD', url, headers }, 200, 404);
    const digest = answer.headers['docker-content-digest'];
    return answer.status === 200 && typeof digest === 'string' ? digest : null;
  };
  try {
    return await Promise.all(artifacts.map(look));
  } finally {
    connection.close();
  }
}
